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

/** Asks until the answer is as it must be once everybody has heard of a change. */
export const untilAnswered = (wire: Wire, key: string, status: number): Promise<Answer> =>
  eventually(async () => {
    const answer = await answerOf(wire, key);
    return answer.status === status ? answer : undefined;
  });
