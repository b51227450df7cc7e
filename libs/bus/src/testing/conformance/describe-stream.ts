import { createHash, randomBytes } from 'node:crypto';

import { GatewayError, LIMITS } from '@bytespike/kernel';

import type { Subject } from './subject.js';
import { contextOf, deferred, failureOf, HEAD, keepingSink, OUTCOME, probe, RUN } from './probe.js';

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function describeStream({ serve, pair }: Subject): void {
  describe('stream', () => {
    it('brings the head once, the bytes in order and the outcome', async () => {
      const frames = Array.from({ length: 300 }, (_, n) => randomBytes(1 + ((n * 997) % 20_000)));
      const client = await serve({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          for (const frame of frames) await sink.data(frame);
          return OUTCOME;
        },
      });
      const sink = keepingSink();
      expect(await client.run(RUN, sink, contextOf())).toEqual(OUTCOME);
      expect(sink.heads).toEqual([HEAD]);
      expect(digest(sink.bytes())).toBe(digest(Buffer.concat(frames)));
    });

    it('carries one frame larger than the window and larger than a message', async () => {
      const frame = randomBytes(3 * 1024 * 1024);
      const client = await serve({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          await sink.data(frame);
          return OUTCOME;
        },
      });
      const sink = keepingSink();
      await client.run(RUN, sink, contextOf());
      expect(digest(sink.bytes())).toBe(digest(frame));
    });

    it.each([
      { name: 'none', body: undefined },
      { name: 'an empty one', body: new Uint8Array(0) },
      { name: 'a kilobyte', body: randomBytes(1024) },
      { name: '600 kB', body: randomBytes(600_000) },
      { name: 'the largest', body: randomBytes(LIMITS.textBodyBytesMax) },
    ])('carries a request body: $name', async ({ body }) => {
      const client = await serve({
        run: async (request) => {
          expect(request.input).toEqual(RUN.input);
          return { ending: request.body ? `${request.body.length} ${digest(request.body)}` : 'none', amount: 0n };
        },
      });
      const outcome = await client.run({ ...RUN, body }, keepingSink(), contextOf());
      expect(outcome.ending).toBe(body ? `${body.length} ${digest(body)}` : 'none');
    });

    it('refuses a body larger than the largest', async () => {
      const client = await serve({});
      const body = new Uint8Array(LIMITS.textBodyBytesMax + 1);
      const call = client.run({ ...RUN, body }, keepingSink(), contextOf());
      await expect(call).rejects.toMatchObject({ kind: 'too-large' });
    });

    it('carries a refusal before the head', async () => {
      const refusal = new GatewayError('unsupported', 'no', { details: { what: 'images' } });
      const client = await serve({ run: () => Promise.reject(refusal) });
      const sink = keepingSink();
      const call = client.run(RUN, sink, contextOf());
      await expect(call).rejects.toMatchObject({ kind: 'unsupported', message: 'no', details: { what: 'images' } });
      expect(sink.heads).toEqual([]);
    });

    it('carries an error after the bytes that came before it', async () => {
      const client = await serve({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          await sink.data(Buffer.from('so far'));
          throw new Error('secret');
        },
      });
      const sink = keepingSink();
      const call = client.run(RUN, sink, contextOf());
      await expect(call).rejects.toMatchObject({ kind: 'internal', message: 'probe.v1.run failed' });
      expect(sink.text()).toBe('so far');
    });

    it('enforces the order of a stream', async () => {
      const client = await serve({
        run: async (request, sink) => {
          if (request.input.about === 'two heads') await sink.head(HEAD);
          if (request.input.about === 'two heads') await sink.head(HEAD);
          await sink.data(Buffer.from('x'));
          return OUTCOME;
        },
      });
      const run = (about: string) => client.run({ input: { about, amount: 0n } }, keepingSink(), contextOf());
      await expect(run('two heads')).rejects.toMatchObject({ message: 'probe.v1.run sent a second head' });
      await expect(run('no head')).rejects.toMatchObject({ message: 'probe.v1.run sent data before its head' });
    });

    it('refuses to write when the handler has returned', async () => {
      const late = deferred<unknown>();
      const client = await serve({
        run: async (_request, sink) => {
          setImmediate(() => {
            late.resolve(failureOf(() => sink.head(HEAD)));
          });
          return OUTCOME;
        },
      });
      await client.run(RUN, keepingSink(), contextOf());
      expect(await late.promise).toMatchObject({ message: 'probe.v1.run wrote to a stream that had ended' });
    });

    it('runs 1,000 at once, each with its own content', async () => {
      const client = await serve({
        run: async (request, sink) => {
          await sink.head(HEAD);
          for (let n = 0; n < 20; n += 1) {
            await sink.data(Buffer.from(`${request.input.about}/${n} `));
            await new Promise(setImmediate);
          }
          return { ending: request.input.about, amount: request.input.amount };
        },
      });
      const run = async (n: number): Promise<void> => {
        const sink = keepingSink();
        const outcome = await client.run({ input: { about: `s${n}`, amount: BigInt(n) } }, sink, contextOf());
        expect(outcome).toEqual({ ending: `s${n}`, amount: BigInt(n) });
        expect(sink.text()).toBe(Array.from({ length: 20 }, (_, frame) => `s${n}/${frame} `).join(''));
      };
      await Promise.all(Array.from({ length: 1_000 }, (_, n) => run(n)));
    });

    it('is unavailable at once when nobody serves it', async () => {
      const call = pair().client.client(probe).run(RUN, keepingSink(), contextOf());
      await expect(call).rejects.toMatchObject({ kind: 'unavailable', message: 'probe.v1.run: nobody serves it' });
    });
  });
}
