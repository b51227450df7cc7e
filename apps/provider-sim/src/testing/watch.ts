import { setTimeout as delay } from 'node:timers/promises';

const TRIES_MAX = 500;
const PAUSE_MS = 10;

/** Asks again until the answer is the one waited for; what never comes is told with the last answer. */
export const until = async <T>(ask: () => Promise<T>, is: (answer: T) => boolean): Promise<T> => {
  let answer = await ask();
  for (let tries = 0; tries < TRIES_MAX && !is(answer); tries += 1) {
    await delay(PAUSE_MS);
    answer = await ask();
  }
  if (!is(answer)) throw new Error(`waited in vain, last for ${JSON.stringify(answer)}`);
  return answer;
};

/** Calls a control endpoint of a simulator. */
export const controlOf =
  (address: string) =>
  async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${address}/_sim/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, unknown>;
  };
