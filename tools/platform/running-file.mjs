// .bytespike/running.json: what scripts may rely on while a platform runs (architecture, section 12).
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Written whole and readable by its owner only, because it holds the demo keys. */
export function writeRunning(folder, running) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'running.json');
  writeFileSync(`${file}.part`, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

const GONE_LIMIT_MS = 5_000;
const GONE_CHECK_MS = 20;

/**
 * Clears the way for a new start. A platform that still runs here is an error of one line; servers of one that was
 * killed are ended, because they hold the data folders, and waited for, because they hold them until they are gone.
 */
export async function clearLeftovers(folder) {
  const file = join(folder, 'running.json');
  if (!existsSync(file)) return;
  const { pid, pids } = JSON.parse(readFileSync(file, 'utf8'));
  if (isOurs(pid)) throw new Error(`a platform already runs here (process ${pid}); stop it first`);
  const left = Object.entries(pids).filter(([, one]) => isOurs(one));
  // Killed outright, Postgres leaves its children and its lock file; this is its own word for going at once.
  for (const [name, one] of left) process.kill(one, name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
  const deadline = Date.now() + GONE_LIMIT_MS;
  while (left.some(([, one]) => isOurs(one))) {
    if (Date.now() > deadline) throw new Error(`what a killed platform left does not end: see the pids in ${file}`);
    await sleep(GONE_CHECK_MS);
  }
  rmSync(file);
}

/** Whether a process lives and was started from this checkout; another one may have got the number since. */
function isOurs(pid) {
  try {
    process.kill(pid, 0);
    const commandFile = `/proc/${pid}/cmdline`;
    return (
      !existsSync(commandFile) ||
      /bytespike|postgres|nats-server|dist\/|tools\//.test(readFileSync(commandFile, 'utf8'))
    );
  } catch {
    return false;
  }
}
