// The part of a report (`npm run fidelity`, `npm run billing-outcomes`) that needs what the bootstrap has installed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../infra/places.mjs';
import { openRun, passes } from './own-run.mjs';

const [name] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(name ?? '') || !existsSync(join(root, `test/e2e/src/${name}.e2e.spec.ts`))) {
  process.stderr.write('name a report that an end-to-end spec writes: fidelity or billing-outcomes\n');
  process.exit(1);
}

const run = openRun(name);
const environment = await run.start({ mode: 'all-in-one', say: (line) => process.stdout.write(`${line}\n`) });
const isGood = await passes('e2e', 'test/e2e', `src/${name}\\.e2e`, { ...environment, REPORT: 'write' });
await run.leave(isGood ? 0 : 1);
