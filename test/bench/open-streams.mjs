// Memory of an open stream: what all processes of a platform hold with many streams open, beside what they hold with none.
import { setTimeout as sleep } from 'node:timers/promises';

import { Pool } from 'undici';

import { askOn } from './dialects.mjs';
import { measureTrees } from './processes.mjs';

const STREAMS = 250;
const LANES = [
  { client: 'anthropic-messages', vendor: 'anthropic-messages' },
  { client: 'anthropic-messages', vendor: 'openai-chat' },
  { client: 'openai-responses', vendor: 'anthropic-messages' },
  { client: 'gemini-generate', vendor: 'openai-chat' },
];
/** Streams that say something now and then and are longer than they are looked at. */
const PROMPT = '[[fault: drip=500]]\ncount to 900';
const OPEN_MS = 8_000;
const REST_MS = 3_000;

/** The smallest of a few looks, because what is garbage by then is not held. */
async function resident(target) {
  let least = Infinity;
  for (let look = 0; look < 5; look += 1) {
    least = Math.min(least, measureTrees(target.pids()).residentBytes);
    await sleep(REST_MS / 5);
  }
  return least;
}

/** Opens streams and resolves, when all have begun, to a function that leaves them. */
async function open(target, pair, streams) {
  const pool = new Pool(target.origin, { connections: streams, bodyTimeout: 30_000 });
  const leave = new AbortController();
  const { path, headers, body } = askOn(pair, { key: target.keys.extended, prompt: PROMPT });
  const readers = Array.from({ length: streams }, async () => {
    const answer = await pool.request({ method: 'POST', path, headers, body, signal: leave.signal });
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}: ${await answer.body.text()}`);
    return answer.body.resume().on('error', () => undefined);
  });
  await Promise.all(readers);
  return async () => {
    leave.abort();
    await pool.destroy();
  };
}

/**
 * For some lanes, bytes that each of many open streams adds. They are opened one lane upon the other and none is left
 * before the end, because a heap that has once been large does not show what is put into it later.
 */
export async function residentPerStream(target) {
  const rows = [];
  const closes = [];
  let before = await resident(target);
  for (const pair of LANES) {
    process.stderr.write(`${STREAMS} open: ${pair.client} to ${pair.vendor}\n`);
    closes.push(await open(target, pair, STREAMS));
    await sleep(OPEN_MS);
    const now = await resident(target);
    rows.push({ ...pair, streams: STREAMS, residentBytes: now, bytesPerStream: (now - before) / STREAMS });
    before = now;
  }
  for (const close of closes) await close();
  return rows;
}
