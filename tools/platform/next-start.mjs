// Variables for the next starts of one service, and for no other: a list in `next-start/NAME.json`, of which each start takes
// the first. A test that wants a process to die at a step puts them there (test/e2e, `kill-points.ts`).
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function nextStart(home, name) {
  const file = join(home, 'next-start', `${name}.json`);
  if (!existsSync(file)) return {};
  const [next = {}, ...rest] = JSON.parse(readFileSync(file, 'utf8'));
  if (rest.length > 0) writeFileSync(file, JSON.stringify(rest));
  else rmSync(file);
  return next;
}
