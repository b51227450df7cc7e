// Holds and settles over NATS as ingress does, in a process of its own, and tells how long it took.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

import { root } from '../../tools/infra/places.mjs';
import { summary } from './quantiles.mjs';

/**
 * Whoever asks less often than a busy key is admitted by the store, hold by hold (ADR 0012). The warm-up asks for each of
 * them, so that counters, which are begun once in a key's life, stand when it is measured.
 */
const QUIET_KEYS = 200;
const BUSY_KEYS = 1;

/** Far above what a load spends, so that a cap is counted and never met. */
const LIMIT = 900_000_000_000_000n;
const SPANS = ['life', '5h', '1d', '7d'];

const askingFor = (job, index) => {
  const keyId = `key_${index % (job.keys === 'busy' ? BUSY_KEYS : QUIET_KEYS)}`;
  const caps = job.capped ? SPANS.map((span) => ({ subject: `key:${keyId}`, span, limit: LIMIT })) : [];
  return { keyId, caps };
};

async function closedLoop(load, job, holds) {
  const end = performance.now() + job.seconds * 1000;
  let next = 0;
  const loop = async () => {
    while (performance.now() < end) {
      const began = performance.now();
      const admitted = await load.hold(askingFor(job, (next += 1)));
      holds.push(performance.now() - began);
      await load.report(admitted);
    }
  };
  await Promise.all(Array.from({ length: job.concurrency }, loop));
}

/** Holds leave on time whether or not earlier ones were answered: queueing shows as latency. */
async function openLoop(load, job, holds) {
  const began = performance.now();
  const waiting = [];
  for (let sent = 0; sent < job.seconds * job.perSecond; sent += 1) {
    const due = began + (sent * 1000) / job.perSecond;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    waiting.push(
      load.hold(askingFor(job, sent)).then((admitted) => {
        // From when it should have been sent: a sender that is late hides nothing.
        holds.push(performance.now() - due);
        return load.report(admitted);
      }),
    );
  }
  await Promise.all(waiting);
}

process.on('message', async ({ natsUrl, ...job }) => {
  const { openLedgerLoad } = await import(pathToFileURL(join(root, 'dist/ledger-load/main.js')));
  const load = await openLedgerLoad(natsUrl);
  const run = job.perSecond ? openLoop : closedLoop;
  await run(load, { ...job, seconds: job.warmUpSeconds }, []);
  const holds = [];
  process.send({ type: 'measuring', accountId: load.accountId });
  await run(load, job, holds);
  process.send({
    type: 'done',
    pairs: holds.length,
    holdMs: summary(holds),
  });
  await load.close();
  process.disconnect();
});
