// .bytespike/running.json: what scripts may rely on while a platform runs (architecture, section 12).
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileIn = (folder) => join(folder, 'running.json');

/** Written whole and readable by its owner only, because it holds the demo keys. */
export function writeRunning(folder, running) {
  const file = fileIn(folder);
  writeFileSync(`${file}.part`, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

export const removeRunning = (folder) => rmSync(fileIn(folder), { force: true });
