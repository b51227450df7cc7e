// `npm run bench -- --ledger`: holds and settlements over NATS on one hot wallet, through the service as it runs.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { bundle, stopBundler } from '../../tools/build.mjs';
import { growBook } from './grow-book.mjs';
import { measureTrees } from './processes.mjs';

const worker = fileURLToPath(new URL('./ledger-worker.mjs', import.meta.url));

/** What a million requests leave behind. */
const GROWTH = 1_000_000;
const WARM_UP_SECONDS = 3;

const LOADS = [
  { name: 'many keys, no caps', keys: 'quiet', capped: false, concurrency: 256 },
  { name: 'many keys, a quota and three windows each', keys: 'quiet', capped: true, concurrency: 256 },
  { name: 'one busy key, no caps', keys: 'busy', capped: false, concurrency: 256 },
  { name: 'one busy key, a quota and three windows', keys: 'busy', capped: true, concurrency: 256 },
  { name: 'at 2,000/s: one busy key, no caps', keys: 'busy', capped: false, perSecond: 2_000 },
  { name: 'at 2,000/s: one busy key, a quota and three windows', keys: 'busy', capped: true, perSecond: 2_000 },
  { name: 'at 2,000/s: many keys, no caps', keys: 'quiet', capped: false, perSecond: 2_000 },
  { name: 'at 2,000/s: many keys, a quota and three windows each', keys: 'quiet', capped: true, perSecond: 2_000 },
];
const BEFORE_AND_AFTER = { keys: 'quiet', capped: true, perSecond: 500 };

/** Every load in turn, then a book that has grown by a million requests. */
export async function benchLedger(target, seconds) {
  await bundle('ledger-load', 'apps/billing-ledger/src/testing/ledger-load.ts');
  await stopBundler();
  const { nats, database } = target.urls();
  const pool = new pg.Pool({ connectionString: database, max: 2 });
  const run = (load) => measureLoad(target, pool, { natsUrl: nats, seconds, warmUpSeconds: WARM_UP_SECONDS, ...load });
  try {
    const rows = [];
    for (const load of LOADS) rows.push({ name: load.name, ...(await run(load)) });
    const before = { name: 'at 500/s', ...(await run(BEFORE_AND_AFTER)) };
    await growBook(pool, GROWTH);
    const after = { name: 'at 500/s after a million requests', ...(await run(BEFORE_AND_AFTER)) };
    return [...rows, before, after];
  } finally {
    await pool.end();
  }
}

function measureLoad(target, pool, job) {
  return new Promise((resolve, reject) => {
    const child = fork(worker, { execArgv: ['--no-warnings'] });
    let before;
    let accountId;
    child.once('error', reject);
    const endedEarly = () => reject(new Error('a load on the ledger ended without a result'));
    child.once('exit', endedEarly);
    child.on('message', (message) => {
      if (message.type === 'measuring') {
        accountId = message.accountId;
        before = { ...measureTrees(target.pids()), at: performance.now() };
        return;
      }
      child.off('exit', endedEarly);
      const { pairs, holdMs } = message;
      untilAtRest(pool, accountId).then(() => {
        const seconds = (performance.now() - before.at) / 1000;
        const cpuSeconds = measureTrees(target.pids()).cpuSeconds - before.cpuSeconds;
        // A pair counts when it is settled, so the time runs until the last one is.
        resolve({ pairs, holdMs, pairsPerSecond: pairs / seconds, cpuMsPerPair: (cpuSeconds * 1000) / pairs });
      }, reject);
    });
    child.send(job);
  });
}

/** Until every request of the account has its end; a grant is not one. */
async function untilAtRest(pool, accountId) {
  const open = `SELECT 1 FROM ledger.hold WHERE account_id = $1 AND ended_at IS NULL LIMIT 1`;
  while ((await pool.query(open, [accountId])).rows.length > 0) await sleep(20);
}

export function ledgerTable(rows) {
  const columns = [
    ['load', ({ name }) => name],
    ['pairs/s', ({ pairsPerSecond }) => pairsPerSecond.toFixed(0)],
    ['hold p50 ms', ({ holdMs }) => holdMs.p50.toFixed(2)],
    ['hold p99 ms', ({ holdMs }) => holdMs.p99.toFixed(2)],
    ['CPU ms/pair', ({ cpuMsPerPair }) => cpuMsPerPair.toFixed(3)],
  ];
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, show]) => show(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
    )
    .join('\n');
}
