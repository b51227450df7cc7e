import { setTimeout as delay } from 'node:timers/promises';
import type { Render } from '../renders/render.js';
import { taskObject } from './render-task.js';

const TRIES_MAX = 3;
const PAUSE_MS = 200;
const ANSWER_MS_MAX = 5_000;

/** Tells a task's address what has become of it, a few times if nobody listens. */
export const callBack = async (render: Render, { url, host }: { url: string; host: string }): Promise<void> => {
  const body = JSON.stringify(taskObject(render, host));
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    if (await isTaken(url, body)) return;
    await delay(PAUSE_MS * tries, undefined, { ref: false });
  }
};

const isTaken = async (url: string, body: string): Promise<boolean> => {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    // Whatever fetch throws is about the one who was called: not there, too slow, or no address at all.
    if (error instanceof Error) return false;
    throw error;
  }
};
