// Variables of one service alone, read at each of its starts from `environment/NAME.json` where that is. A test that wants a
// process to die at a step puts them there (test/e2e, `kill-points.ts`).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function ownEnvironment(home, name) {
  const file = join(home, 'environment', `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
