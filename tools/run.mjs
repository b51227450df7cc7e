// Installs what is missing, then runs a tool of ours under the pinned Node: `node tools/run.mjs nx run-many -t build`.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { ensureInstalled, toolEnvironment } from './install.mjs';

/** Runs to the end with our own standard streams, passes signals on, and leaves with the same exit code. */
export async function runAndExit(file, args) {
  await ensureInstalled();
  const child = spawn(file, args, {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    env: toolEnvironment(),
    stdio: 'inherit',
  });
  // A terminal signals the whole group, a script us alone: the child hears it either way, and we outlive it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) leaveWithParent(child);
  child.once('error', (error) => {
    process.stderr.write(`${file}: ${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const PARENT_CHECK_MS = 200;

/** A signal to npm alone ends npm's shell, which tells nobody; what tells us is that we have another parent. */
function leaveWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAndExit(process.argv[2], process.argv.slice(3));
