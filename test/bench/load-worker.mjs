// Makes one load and reports what it saw. A process of its own, so that its CPU time is nobody else's.
import { Pool } from 'undici';

import { summary } from './quantiles.mjs';

const CONNECTIONS_MAX = 600;

/** One request: its latency, and for a stream the time to its first content and the gaps between pieces. */
function ask(pool, { path, headers, body, marker }, record) {
  const began = performance.now();
  return new Promise((resolve) => {
    let last;
    let text = '';
    const fail = () => {
      record.errors += 1;
      resolve();
    };
    const dispatched = { status: 0 };
    pool.dispatch(
      { path, method: 'POST', headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, status) {
          dispatched.status = status;
        },
        onResponseData(_controller, chunk) {
          const now = performance.now();
          if (last === undefined) {
            if (!chunk.includes(marker.content)) return;
            record.firstContent.push(now - began);
          } else record.gaps.push(now - last);
          last = now;
          text = chunk.length > 64 ? chunk.subarray(-64).toString() : text + chunk.toString();
        },
        onResponseEnd() {
          if (dispatched.status !== 200 || !text.includes(marker.end)) return fail();
          record.latencies.push(performance.now() - began);
          resolve();
        },
        onResponseError: fail,
      },
    );
  });
}

const newRecord = () => ({ latencies: [], firstContent: [], gaps: [], errors: 0 });

async function closedLoop(pool, job, record) {
  const end = performance.now() + job.seconds * 1000;
  const loop = async () => {
    while (performance.now() < end) await ask(pool, job.request, record);
  };
  await Promise.all(Array.from({ length: job.concurrency }, loop));
}

/** Requests leave on time whether or not earlier ones have been answered: queueing shows as latency. */
async function openLoop(pool, job, record) {
  const began = performance.now();
  const waiting = [];
  for (let sent = 0; sent < job.seconds * job.perSecond; sent += 1) {
    const due = began + (sent * 1000) / job.perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    waiting.push(ask(pool, job.request, record));
  }
  await Promise.all(waiting);
}

process.on('message', async (job) => {
  const pool = new Pool(job.origin, { connections: CONNECTIONS_MAX, pipelining: 1 });
  await closedLoop(pool, { ...job, seconds: job.warmUpSeconds, concurrency: 4 }, newRecord());
  const record = newRecord();
  process.send({ type: 'measuring' });
  const began = performance.now();
  await (job.perSecond ? openLoop : closedLoop)(pool, job, record);
  process.send({
    type: 'done',
    requests: record.latencies.length,
    errors: record.errors,
    seconds: (performance.now() - began) / 1000,
    latencyMs: summary(record.latencies),
    firstContentMs: summary(record.firstContent),
    gapMs: summary(record.gaps),
  });
  await pool.destroy();
  process.disconnect();
});
