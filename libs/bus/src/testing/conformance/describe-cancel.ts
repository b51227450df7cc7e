import { GatewayError, LIMITS } from '@bytespike/kernel';

import type { Subject } from './subject.js';
import { aborted, contextOf, deferred, failureOf, HEAD, keepingSink, OUTCOME, RUN } from './probe.js';

export function describeCancel({ serve }: Subject): void {
  describe('cancel', () => {
    it('of an rpc reaches its handler', async () => {
      const heard = deferred<unknown>();
      const asked = deferred();
      const client = await serve({
        echo: async (note, { signal }) => {
          asked.resolve();
          await aborted(signal);
          heard.resolve(signal.reason);
          return note;
        },
      });
      const caller = new AbortController();
      const call = client.echo({ text: '', amount: 0n }, contextOf({ signal: caller.signal }));
      await asked.promise;
      caller.abort();
      await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
      expect(await heard.promise).toMatchObject({ kind: 'cancelled' });
    });

    it.each([{ name: 'before the head' }, { name: 'after data' }])(
      'of a stream $name reaches its producer, whose next write fails',
      async ({ name }) => {
        const writing = deferred();
        const refused = deferred<unknown>();
        const client = await serve({
          run: async (_request, sink, { signal }) => {
            if (name === 'after data') await sink.head(HEAD);
            if (name === 'after data') await sink.data(Buffer.from('x'));
            writing.resolve();
            await aborted(signal);
            const next = await failureOf(() => sink.head(HEAD));
            refused.resolve(next);
            throw next;
          },
        });
        const caller = new AbortController();
        const call = client.run(RUN, keepingSink(), contextOf({ signal: caller.signal }));
        await writing.promise;
        caller.abort();
        await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
        expect(await refused.promise).toMatchObject({ kind: 'cancelled' });
      },
    );

    it('ends the wait of a producer whose reader is stalled', async () => {
      const stalled = deferred();
      const released = deferred<unknown>();
      const client = await serve({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          const fill = async (): Promise<void> => {
            for (;;) {
              const written = sink.data(Buffer.alloc(100_000));
              if (written) stalled.resolve();
              await written;
            }
          };
          released.resolve(await failureOf(fill));
          return OUTCOME;
        },
      });
      const caller = new AbortController();
      const sink = { head: () => undefined, data: () => deferred().promise };
      const call = client.run(RUN, sink, contextOf({ signal: caller.signal }));
      await stalled.promise;
      caller.abort();
      expect(await released.promise).toMatchObject({ kind: 'cancelled' });
      expect(await call).toEqual(OUTCOME);
    });

    it('still brings the outcome that says what was delivered', async () => {
      const client = await serve({
        run: async (_request, sink, { signal }) => {
          await sink.head(HEAD);
          await sink.data(Buffer.from('delivered'));
          await aborted(signal);
          return { ending: 'cancelled', amount: 9n };
        },
      });
      const caller = new AbortController();
      const leave = { head: () => undefined, data: () => caller.abort() };
      const outcome = await client.run(RUN, leave, contextOf({ signal: caller.signal }));
      expect(outcome).toEqual({ ending: 'cancelled', amount: 9n });
    });

    it('brings an outcome that was waiting behind unread bytes', async () => {
      const written = deferred();
      const client = await serve({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          void sink.data(Buffer.alloc(LIMITS.streamWindowBytes + 1));
          written.resolve();
          return OUTCOME;
        },
      });
      const caller = new AbortController();
      const reading = deferred();
      const data = (): Promise<void> => {
        reading.resolve();
        return deferred().promise;
      };
      const call = client.run(RUN, { head: () => undefined, data }, contextOf({ signal: caller.signal }));
      await Promise.all([written.promise, reading.promise]);
      caller.abort();
      expect(await call).toEqual(OUTCOME);
    });

    it('delivers nothing after the caller has left', async () => {
      const left = deferred();
      const client = await serve({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          await sink.data(Buffer.from('first'));
          await left.promise;
          await sink.data(Buffer.from('second'));
          return OUTCOME;
        },
      });
      const caller = new AbortController();
      let seen = '';
      const data = (bytes: Uint8Array): void => {
        seen += Buffer.from(bytes).toString();
        caller.abort();
        left.resolve();
      };
      await client
        .run(RUN, { head: () => undefined, data }, contextOf({ signal: caller.signal }))
        .catch(() => undefined);
      expect(seen).toBe('first');
    });

    it('happens when the reader fails, who gets its own error back', async () => {
      const heard = deferred();
      const client = await serve({
        run: async (_request, sink, { signal }) => {
          await sink.head(HEAD);
          await sink.data(Buffer.from('x'));
          await aborted(signal);
          heard.resolve();
          throw new GatewayError('cancelled', 'as told');
        },
      });
      const data = (): void => {
        throw new Error('the socket is gone');
      };
      await expect(client.run(RUN, { head: () => undefined, data }, contextOf())).rejects.toThrow('the socket is gone');
      await heard.promise;
    });

    it('happens at the deadline', async () => {
      const heard = deferred();
      const client = await serve({
        run: async (_request, sink, { signal }) => {
          await sink.head(HEAD);
          await aborted(signal);
          heard.resolve();
          throw signal.reason;
        },
      });
      const call = client.run(RUN, keepingSink(), contextOf({ withinMs: 150 }));
      await expect(call).rejects.toMatchObject({ kind: 'unavailable' });
      await heard.promise;
    });
  });
}
