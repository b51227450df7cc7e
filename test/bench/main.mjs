// `npm run bench [-- --seconds 5]` or `npm run bench -- --soak [--split]`: every scenario on every target in one run, because machines differ and only ratios
// of one run mean anything. Prints a table; writes JSON and a plot to .bytespike/bench. `--protocols` measures translating alone, `--lanes` what it adds,
// `--ledger` holds and settlements, `--tasks` thousands of renders under way.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { root } from '../../tools/infra/places.mjs';
import { measureCancel } from './cancel.mjs';
import { benchLedger, ledgerTable } from './ledger.mjs';
import { laneTables, verdict } from './lane-report.mjs';
import { benchLanes } from './lanes.mjs';
import { measure } from './measure.mjs';
import { benchProtocols, longBodies, protocolTable } from './protocols.mjs';
import { plot, table } from './report.mjs';
import { scenarios, settlingIn } from './scenarios.mjs';
import { soak } from './soak.mjs';
import { direct, startBareProxy, startOurs, startPeer } from './targets.mjs';
import { benchTasks, tasksReport } from './tasks.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    soak: { type: 'boolean' },
    lanes: { type: 'boolean' },
    split: { type: 'boolean' },
    protocols: { type: 'boolean' },
    ledger: { type: 'boolean' },
    tasks: { type: 'boolean' },
  },
});
const folder = '.bytespike/bench';
mkdirSync(join(root, folder), { recursive: true });

if (values.protocols) {
  const rows = await benchProtocols(Number(values.seconds ?? 0.5));
  process.stdout.write(`${protocolTable(rows)}\n`);
  writeFileSync(join(root, folder, 'protocols.json'), `${JSON.stringify(rows, null, 2)}\n`);
  process.exit(0);
}

if (values.soak) {
  const target = await startOurs(values.split ? 'split' : 'all-in-one', join(folder, 'soak'));
  const result = await soak(target, Number(values.seconds ?? 60)).finally(target.stop);
  process.stdout.write(`${target.name}: ${JSON.stringify(result)}\n`);
  process.exit(result.wrong + result.errors === 0 ? 0 : 1);
}

if (values.lanes) {
  const longBody = await longBodies();
  const target = await startOurs(values.split ? 'split' : 'all-in-one', join(folder, 'lanes'));
  const result = await benchLanes(target, longBody, Number(values.seconds ?? 3)).finally(target.stop);
  process.stdout.write(`${target.name}\n${laneTables(result)}\n\n${verdict(result)}\n`);
  const file = join(root, folder, values.split ? 'lanes-split.json' : 'lanes.json');
  writeFileSync(file, `${JSON.stringify({ target: target.name, ...result }, null, 2)}\n`);
  process.exit(0);
}

if (values.ledger) {
  // A book that an earlier run has grown would be measured from there.
  rmSync(join(root, folder, 'ledger'), { recursive: true, force: true });
  const target = await startOurs('split', join(folder, 'ledger'));
  const rows = await benchLedger(target, Number(values.seconds ?? 10)).finally(target.stop);
  process.stdout.write(`${ledgerTable(rows)}\n`);
  writeFileSync(join(root, folder, 'ledger.json'), `${JSON.stringify(rows, null, 2)}\n`);
  process.exit(0);
}

if (values.tasks) {
  rmSync(join(root, folder, 'tasks'), { recursive: true, force: true });
  const target = await startOurs('split', join(folder, 'tasks'));
  const result = await benchTasks(target, values.seconds ? { seconds: Number(values.seconds) } : {}).finally(
    target.stop,
  );
  process.stdout.write(`${tasksReport(result)}\n`);
  writeFileSync(join(root, folder, 'tasks.json'), `${JSON.stringify(result, null, 2)}\n`);
  process.exit(result.isGood ? 0 : 1);
}

const results = [];
const cancels = [];
const stops = [];
try {
  const together = await startOurs('all-in-one', join(folder, 'all-in-one'));
  stops.push(together.stop);
  const split = await startOurs('split', join(folder, 'split'));
  stops.push(split.stop);
  const peer = await startPeer(together);
  stops.push(peer.stop);
  const bare = await startBareProxy(together);
  stops.push(bare.stop);
  for (const target of [together, split]) cancels.push({ target: target.name, ...(await measureCancel(target)) });
  const targets = [direct(together), bare, together, split, peer];
  for (const target of targets) {
    process.stderr.write(`${settlingIn.name}: ${target.name}\n`);
    await measure(target, settlingIn);
  }
  for (const scenario of scenarios(Number(values.seconds ?? 5)))
    for (const target of targets) {
      process.stderr.write(`${scenario.name}: ${target.name}\n`);
      results.push({ scenario: scenario.name, target: target.name, ...(await measure(target, scenario)) });
    }
} finally {
  for (const stop of stops.reverse()) await stop();
}

process.stdout.write(`\n${table(results)}\n\nclient gone to vendor closed, ms\n`);
for (const { target, p50, p99 } of cancels) process.stdout.write(`${target}: p50 ${p50}, p99 ${p99}\n`);
writeFileSync(join(root, folder, 'results.json'), `${JSON.stringify({ results, cancels }, null, 2)}\n`);
writeFileSync(join(root, folder, 'cpu-per-request.svg'), plot(results));
process.exit(0);
