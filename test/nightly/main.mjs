// `npm run nightly [-- --kills 200 --models 10000 --mode split --seed 7]`: what is too long for every push. See README.md.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { root } from '../../tools/infra/places.mjs';
import { startForTests } from '../../tools/test/end-to-end.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    models: { type: 'string', default: '10000' },
    mode: { type: 'string', multiple: true, default: ['split', 'all-in-one'] },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
/** All those kills may have one victim. */
const RESTARTS_MAX = 10_000;
const say = (line) => process.stdout.write(`${line}\n`);
const scratch = mkdtempSync(join(tmpdir(), 'bytespike-nightly-'));
chmodSync(scratch, 0o755);

/** Runs the specs of a project that match; true when all of them passed. */
const specs = (kind, project, pattern, environment) =>
  new Promise((resolve) => {
    const args = ['tools/jest.mjs', kind, project, '--runInBand', '--testPathPatterns', pattern];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: 'inherit',
    });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });

let platform;
const leave = async (code) => {
  await platform?.stop();
  rmSync(scratch, { recursive: true, force: true });
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => leave(130));

let good = true;
if (Number(values.models) > 0) {
  say(`${values.models} sequences of the ledger's model`);
  good = await specs('int', 'apps/billing-ledger', 'ledger-model', { LEDGER_MODEL_RUNS: values.models });
}
for (const mode of values.mode) {
  say(`\n${values.kills} kills, ${mode}, seed ${values.seed}`);
  platform = await startForTests({ scratch, mode, restartsMax: RESTARTS_MAX, say: () => undefined });
  const environment = { ...platform.environment, NIGHTLY_KILLS: values.kills, NIGHTLY_SEED: values.seed };
  good = (await specs('e2e', 'test/e2e', 'crash-points', environment)) && good;
  good = (await specs('nightly', 'test/e2e', 'random-kills', environment)) && good;
  await platform.stop();
  platform = undefined;
}
await leave(good ? 0 : 1);
