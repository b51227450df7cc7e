import { LIMITS } from '@bytespike/kernel';

import type { Subject } from './subject.js';
import { contextOf, deferred, HEAD, OUTCOME, probe, RUN, until } from './probe.js';

const FRAME_BYTES = 8 * 1024;

export function describeFlow({ serve }: Subject): void {
  describe('back-pressure', () => {
    it('holds the writer of a stalled reader within the window, and loses nothing when it reads on', async () => {
      const frames = 200;
      let writtenFrames = 0;
      let waiting = false;
      const client = await serve({
        echo: async (note) => note,
        run: async (_request, sink) => {
          await sink.head(HEAD);
          for (let n = 0; n < frames; n += 1) {
            const written = sink.data(Buffer.alloc(FRAME_BYTES, n));
            writtenFrames += 1;
            waiting = written !== undefined;
            await written;
          }
          waiting = false;
          return OUTCOME;
        },
      });
      const stalled = deferred();
      const seen: number[] = [];
      const data = (bytes: Uint8Array): Promise<void> => {
        for (let at = 0; at < bytes.length; at += FRAME_BYTES) seen.push(bytes[at] ?? -1);
        return stalled.promise;
      };
      const ended = client.run(RUN, { head: () => undefined, data }, contextOf());
      await until(() => waiting);
      // Whatever credit could be under way has arrived after a few questions on the same connections.
      for (let n = 0; n < 5; n += 1) await client.echo({ text: '', amount: 0n }, contextOf());
      expect(waiting).toBe(true);
      expect(writtenFrames * FRAME_BYTES).toBeLessThanOrEqual(LIMITS.streamWindowBytes + FRAME_BYTES);
      stalled.resolve();
      expect(await ended).toEqual(OUTCOME);
      expect(seen).toEqual(Array.from({ length: frames }, (_, n) => n));
    });

    it('gives a slow reader one thing at a time, in order, and the outcome after the last', async () => {
      const client = await serve({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          for (let n = 0; n < 50; n += 1) {
            await sink.data(Buffer.from(`${n} `));
            await new Promise(setImmediate);
          }
          return OUTCOME;
        },
      });
      let reading = 0;
      let text = '';
      const slowly = async (what: string): Promise<void> => {
        reading += 1;
        expect(reading).toBe(1);
        await new Promise(setImmediate);
        text += what;
        reading -= 1;
      };
      const sink = { head: () => slowly('head '), data: (bytes: Uint8Array) => slowly(Buffer.from(bytes).toString()) };
      await client.run(RUN, sink, contextOf());
      expect(text).toBe(`head ${Array.from({ length: 50 }, (_, n) => `${n} `).join('')}`);
    });

    it('is not silence: a slow producer and a slow reader may take longer than the idle time', async () => {
      const longMs = 2 * probe.run.idleTimeoutMs;
      const long = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, longMs));
      const client = await serve({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          await long();
          await sink.data(Buffer.alloc(2 * LIMITS.streamWindowBytes));
          return OUTCOME;
        },
      });
      let bytes = 0;
      const data = async (part: Uint8Array): Promise<void> => {
        if (bytes === 0) await long();
        bytes += part.length;
      };
      expect(await client.run(RUN, { head: () => undefined, data }, contextOf())).toEqual(OUTCOME);
      expect(bytes).toBe(2 * LIMITS.streamWindowBytes);
    });

    it('stops a producer that does not wait', async () => {
      const client = await serve({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          for (;;) void sink.data(Buffer.alloc(64 * 1024));
        },
      });
      const call = client.run(RUN, { head: () => undefined, data: () => new Promise(setImmediate) }, contextOf());
      await expect(call).rejects.toMatchObject({
        kind: 'internal',
        message: 'the producer wrote beyond the window without waiting',
      });
    });
  });
}
