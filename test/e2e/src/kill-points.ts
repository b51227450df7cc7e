import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { home } from './platform.js';

/** Has a process die at these steps (libs/service, `KILL_POINTS`), one after the other, from its next start on. */
export function armDeaths(name: string, points: readonly string[]): void {
  mkdirSync(join(home, 'next-start'), { recursive: true });
  const starts = points.map((point) => ({ BYTESPIKE_KILL_AT: point }));
  writeFileSync(join(home, 'next-start', `${name}.json`), JSON.stringify(starts));
}
