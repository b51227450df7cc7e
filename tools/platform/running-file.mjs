// .bytespike/running.json: what scripts may rely on while a platform runs (architecture, section 12).
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Written whole and readable by its owner only, because it holds the demo keys. */
export function writeRunning(folder, running) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'running.json');
  writeFileSync(`${file}.part`, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/**
 * Clears the way for a new start. A platform that still runs here is an error of one line; servers of one that was
 * killed are ended, because they hold the data folders.
 */
export function clearLeftovers(folder) {
  const file = join(folder, 'running.json');
  if (!existsSync(file)) return;
  const { pid, pids } = JSON.parse(readFileSync(file, 'utf8'));
  if (isOurs(pid)) throw new Error(`a platform already runs here (process ${pid}); stop it first`);
  for (const left of Object.values(pids)) if (isOurs(left)) process.kill(left, 'SIGKILL');
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
