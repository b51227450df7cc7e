// `npm run bench -- --soak`: 500 streams at once for a minute. Every answer is compared with what was asked for, so a
// lost, doubled or reordered frame shows; memory is sampled, so a leak does.
import { setTimeout as sleep } from 'node:timers/promises';

import { Pool } from 'undici';

import { measureTrees } from './processes.mjs';

const STREAMS = 500;
const COUNT = 60;
const SAMPLE_EVERY_MS = 5_000;

const expected = Array.from({ length: COUNT }, (_, index) => index + 1).join(' ');

/** Streams one answer and resolves to its text. */
async function streamOnce(pool, target) {
  const request = target.request({ bodyBytes: 256, stream: true, prompt: `[[fault: drip=100]]\ncount to ${COUNT}` });
  const { statusCode, body } = await pool.request({ method: 'POST', ...request });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  const records = text.split('\n\n').filter((record) => record.startsWith('data: {'));
  const pieces = records.map((record) => JSON.parse(record.slice(6)).choices[0]?.delta?.content ?? '');
  if (!text.includes('data: [DONE]')) throw new Error('no end marker');
  return pieces.join('');
}

export async function soak(target, seconds) {
  const pool = new Pool(target.origin, { connections: STREAMS, bodyTimeout: 30_000 });
  const end = Date.now() + seconds * 1000;
  const result = { streams: 0, wrong: 0, errors: 0, residentMb: [] };
  const reader = async () => {
    while (Date.now() < end) {
      const text = await streamOnce(pool, target).catch(() => undefined);
      if (text === undefined) result.errors += 1;
      else if (text.match(/\d+/g)?.join(' ') !== expected) result.wrong += 1;
      result.streams += 1;
    }
  };
  const sampler = async () => {
    while (Date.now() < end) {
      result.residentMb.push(Math.round(measureTrees(target.pids()).residentBytes / 1e6));
      await sleep(SAMPLE_EVERY_MS);
    }
  };
  await Promise.all([sampler(), ...Array.from({ length: STREAMS }, reader)]);
  await pool.destroy();
  return result;
}
