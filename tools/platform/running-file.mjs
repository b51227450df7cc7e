// .bytespike/running.json: what scripts may rely on while a platform runs (architecture, section 12).
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Written whole and readable by its owner only, because it holds the demo keys. */
export function writeRunning(folder, running) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'running.json');
  writeFileSync(`${file}.part`, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}
