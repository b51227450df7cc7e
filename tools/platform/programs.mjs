// Our own services as child processes, each with an IPC channel over which it says that it is ready, and where.
import { fork } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../infra/places.mjs';

const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 15_000;
/** On a machine with much memory V8 collects so late that a minute of load looks like a leak; 160 MB carry 500 streams. */
const HEAP_MB_MAX = 384;
/**
 * How much of what is alive a heap may grow by before all of it is marked again. V8's own choice was a third, once a second
 * under load, which took a tenth of a split platform's CPU.
 */
const HEAP_GROWTH_PERCENT = 100;

const HEAP = [
  `--max-old-space-size=${HEAP_MB_MAX}`,
  `--heap-growing-percent=${HEAP_GROWTH_PERCENT}`,
  // V8 takes what often outlives a collection to live long, and makes the next of its kind old from birth. Of a request's
  // objects that is untrue, and whatever an old one points to stays until the whole heap is collected: a seventh of the CPU.
  '--no-allocation-site-pretenuring',
];

/**
 * Starts dist/<name>/main.js and resolves when it is ready, or throws why it is not, in its own words. What it logs is
 * written to `<logFolder>/<name>.log` when a folder is given; a restart goes on where the last one ended. `launched` is told
 * its name and number at once, long before it is ready.
 */
export async function startProgram({ name, environment, logFolder, launched }) {
  const child = fork(join(root, 'dist', name, 'main.js'), {
    env: environment,
    execArgv: ['--enable-source-maps', '--no-warnings', ...HEAP],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A group of its own: a Ctrl-C reaches us alone, and we stop things in order.
    detached: true,
  });
  launched(name, child.pid);
  if (logFolder) {
    mkdirSync(logFolder, { recursive: true });
    child.stderr.pipe(createWriteStream(join(logFolder, `${name}.log`), { flags: 'a' }));
  }
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-4_000);
  });
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const lastWords = () => said.trim().split('\n').at(-1) ?? '';
  const addresses = await new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`${name} was not ready within ${READY_LIMIT_MS / 1000} s: ${lastWords()}`)),
      READY_LIMIT_MS,
    );
    child.once('message', ({ type, addresses, reason }) =>
      type === 'ready' ? resolve(addresses) : reject(new Error(`${name} cannot start: ${reason}`)),
    );
    child.once('error', reject);
    // Not at 'exit', which may come before what it has said last.
    child.once('close', () => reject(new Error(lastWords() || `${name} stopped while starting`)));
    child.once('exit', () => clearTimeout(late));
  }).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    pid: child.pid,
    addresses,
    exited,
    lastWords,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(killer);
    },
  };
}
