// `npm run nightly [-- --kills 200 --models 10000 --mode split --seed 7]`: what is too long for every push. See README.md.
import { parseArgs } from 'node:util';

import { openRun, passes } from '../../tools/test/own-run.mjs';

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
const run = openRun('nightly');

let good = true;
if (Number(values.models) > 0) {
  say(`${values.models} sequences of the ledger's model`);
  good = await passes('int', 'apps/billing-ledger', 'ledger-model', { LEDGER_MODEL_RUNS: values.models });
}
for (const mode of values.mode) {
  say(`\n${values.kills} kills, ${mode}, seed ${values.seed}`);
  const environment = {
    ...(await run.start({ mode, restartsMax: RESTARTS_MAX, say: () => undefined })),
    ...{ NIGHTLY_KILLS: values.kills, NIGHTLY_SEED: values.seed },
  };
  good = (await passes('e2e', 'test/e2e', 'crash-points', environment)) && good;
  good = (await passes('nightly', 'test/e2e', 'random-kills', environment)) && good;
  good = (await passes('nightly', 'test/e2e', 'random-incidents', environment)) && good;
}
await run.leave(good ? 0 : 1);
