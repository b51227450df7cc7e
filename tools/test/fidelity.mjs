// The part of `npm run fidelity` that needs what the bootstrap has installed.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../infra/places.mjs';
import { startForTests } from './end-to-end.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'bytespike-fidelity-'));
chmodSync(scratch, 0o755);
const say = (line) => process.stdout.write(`${line}\n`);

const spec = ['tools/jest.mjs', 'e2e', 'test/e2e', '--testPathPatterns', 'src/fidelity\\.e2e'];
const runSpec = (environment) =>
  new Promise((resolve) => {
    const env = { ...process.env, ...environment, FIDELITY: 'write' };
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
