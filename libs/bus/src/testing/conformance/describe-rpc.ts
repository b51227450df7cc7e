import { GatewayError } from '@bytespike/kernel';
import { jest } from '@jest/globals';

import type { Subject } from './subject.js';
import { aborted, contextOf, deferred, probe } from './probe.js';

const question = { about: 'x' };

/** Stops the clock that deadlines are read from, not the timers that keep them, so that a deadline is one number. */
function stopClock(): number {
  const now = Date.now();
  jest.spyOn(Date, 'now').mockReturnValue(now);
  return now;
}

export function describeRpc({ serve, pair }: Subject): void {
  describe('rpc', () => {
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('answers, with codecs applied on both ways', async () => {
      const client = await serve({ echo: async ({ text, amount }) => ({ text: `${text}!`, amount: amount + 1n }) });
      const answer = await client.echo({ text: 'grüße', amount: 2n ** 60n }, contextOf());
      expect(answer).toEqual({ text: 'grüße!', amount: 2n ** 60n + 1n });
    });

    it('answers 500 at once, each its own', async () => {
      const client = await serve({ echo: async (note) => note });
      const notes = Array.from({ length: 500 }, (_, n) => ({ text: `n${n}`, amount: BigInt(n) }));
      expect(await Promise.all(notes.map((note) => client.echo(note, contextOf())))).toEqual(notes);
    });

    it('tells the handler who asks and until when', async () => {
      const seen: unknown[] = [];
      const client = await serve({
        echo: async (note, { requestId, deadline }) => {
          seen.push(requestId, deadline);
          return note;
        },
      });
      const now = stopClock();
      await client.echo({ text: '', amount: 0n }, contextOf({ withinMs: 1_000 }));
      expect(seen).toEqual(['req-1', now + 1_000]);
    });

    it('carries kind, message, retryAfterMs and details of a refusal', async () => {
      const options = { retryAfterMs: 1_500, details: { left: '0.10', windows: [{ window: '5h' }] } };
      const refusal = new GatewayError('spend-window', 'The window is used up.', options);
      const client = await serve({ ask: () => Promise.reject(refusal) });
      const error = await client.ask(question, contextOf()).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(GatewayError);
      expect(error).toMatchObject({ kind: 'spend-window', message: 'The window is used up.', ...options });
    });

    it('carries money in details as a decimal string', async () => {
      const refusal = new GatewayError('quota-exceeded', 'No.', { details: { accounting: { left: 2n ** 60n } } });
      const client = await serve({ ask: () => Promise.reject(refusal) });
      await expect(client.ask(question, contextOf())).rejects.toMatchObject({
        details: { accounting: { left: '1152921504606846976' } },
      });
    });

    it('tells nothing of an error that was not written for callers', async () => {
      const client = await serve({ ask: () => Promise.reject(new Error('password=hunter2')) });
      await expect(client.ask(question, contextOf())).rejects.toMatchObject({
        kind: 'internal',
        message: 'probe.v1.ask failed',
      });
    });

    it('treats a handler that throws at once like one that rejects', async () => {
      const client = await serve({
        ask: () => {
          throw new GatewayError('conflict', 'again');
        },
      });
      await expect(client.ask(question, contextOf())).rejects.toMatchObject({ kind: 'conflict' });
    });

    it.each([
      { name: 'the time the contract allows', withinMs: 600_000, limitMs: 300 },
      { name: 'the deadline of the caller', withinMs: 100, limitMs: 100 },
    ])('gives up after $name, and the handler hears so', async ({ withinMs, limitMs }) => {
      const stopped = deferred<number>();
      const client = await serve({
        hasty: async (_input, { deadline, signal }) => {
          await aborted(signal);
          stopped.resolve(deadline);
          return { answer: 'too late' };
        },
      });
      const now = stopClock();
      await expect(client.hasty(question, contextOf({ withinMs }))).rejects.toMatchObject({
        kind: 'unavailable',
        message: 'probe.v1.hasty: no answer before the deadline',
      });
      expect(await stopped.promise).toBe(now + limitMs);
    });

    it('refuses a call whose caller has left or whose deadline has passed', async () => {
      const client = await serve({});
      const left = contextOf({ signal: AbortSignal.abort() });
      await expect(client.ask(question, left)).rejects.toMatchObject({ kind: 'cancelled' });
      await expect(client.ask(question, contextOf({ withinMs: -1 }))).rejects.toMatchObject({ kind: 'unavailable' });
    });

    it('is unavailable at once when nobody serves it', async () => {
      const call = pair().client.client(probe).ask(question, contextOf());
      await expect(call).rejects.toMatchObject({ kind: 'unavailable', message: 'probe.v1.ask: nobody serves it' });
    });
  });
}
