// The part of a report (`npm run fidelity`, `npm run billing-outcomes`) that needs what the bootstrap has installed.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../infra/places.mjs';
import { startForTests } from './end-to-end.mjs';

const [name] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(name ?? '') || !existsSync(join(root, `test/e2e/src/${name}.e2e.spec.ts`))) {
  process.stderr.write('name a report that an end-to-end spec writes: fidelity or billing-outcomes\n');
  process.exit(1);
}

const scratch = mkdtempSync(join(tmpdir(), `bytespike-${name}-`));
chmodSync(scratch, 0o755);
const say = (line) => process.stdout.write(`${line}\n`);

const spec = ['tools/jest.mjs', 'e2e', 'test/e2e', '--testPathPatterns', `src/${name}\\.e2e`];
const runSpec = (environment) =>
  new Promise((resolve) => {
    const env = { ...process.env, ...environment, REPORT: 'write' };
    const child = spawn(process.execPath, spec, { cwd: root, env, stdio: 'inherit' });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });

let platform;
const leave = async (code) => {
  await platform?.stop();
  rmSync(scratch, { recursive: true, force: true });
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => leave(130));

platform = await startForTests({ scratch, mode: 'all-in-one', say });
await leave(await runSpec(platform.environment));
