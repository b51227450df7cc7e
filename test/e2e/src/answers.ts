import { callGateway, eventually } from './platform.js';
import type { Wire } from './wires.js';

/** An answer as its client sees it, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const PLAIN = 'count to 3';

export async function answerOf(wire: Wire, key: string, prompt = PLAIN): Promise<Answer> {
  const response = await callGateway(wire.path, {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wire.body(prompt)),
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

/** What is remembered of a key is asked about again after this long: whoever heard of a change by then was told. */
const NEWS_MS_MAX = 10_000;

/** Asks until the answer is as it must be once everybody has heard of a change. */
export const untilAnswered = (wire: Wire, key: string, status: number): Promise<Answer> =>
  eventually(async () => {
    const answer = await answerOf(wire, key);
    return answer.status === status ? answer : undefined;
  }, NEWS_MS_MAX);

/**
 * Asks what needs no hold until it tells of limits: such an answer does not wait longer than a moment to learn them, and goes without
 * them on a machine that is busy.
 */
export const untilTold = (path: string, init: Parameters<typeof callGateway>[1]): Promise<Answer> =>
  eventually(async () => {
    const response = await callGateway(path, init);
    const answer = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
    return 'ratelimit' in answer.headers ? answer : undefined;
  });
