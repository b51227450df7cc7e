// From a client's leaving to the vendor's connection being closed, one stream after another.
import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'undici';

const ROUNDS = 100;
const LIMIT_MS = 5_000;

const quantile = (samples, p) => samples.toSorted((a, b) => a - b)[Math.floor(p * samples.length)];

/** Resolves to p50 and p99 in milliseconds. Both moments are read from this machine's clock. */
export async function measureCancel(target) {
  const delays = [];
  for (let round = 0; round < ROUNDS; round += 1) delays.push(await cancelOnce(target));
  return { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99) };
}

async function cancelOnce(target) {
  const before = (await closings(target)).length;
  const client = new Client(target.origin);
  const request = target.request({ bodyBytes: 256, stream: true, prompt: '[[fault: drip=20]]\nwords 2000' });
  const { body } = await client.request({ method: 'POST', ...request });
  await new Promise((resolve) => body.once('data', resolve));
  const leftAt = Date.now();
  await client.destroy();
  for (const end = leftAt + LIMIT_MS; ; await sleep(2)) {
    const moments = await closings(target);
    if (moments.length > before) return Math.max(0, moments.at(-1) - leftAt);
    if (Date.now() > end) throw new Error(`${target.name} did not close the vendor's connection`);
  }
}

async function closings({ simulator }) {
  const { closedByPeerAt } = await (await fetch(`${simulator}/_sim/stats`)).json();
  return closedByPeerAt;
}
