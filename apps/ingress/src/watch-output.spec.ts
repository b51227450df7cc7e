import type { HoldRequest, Outcome } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { ofNobody } from './gateway.js';
import { TIMINGS } from './http/timings.js';
import type { TargetAnswer } from './http/target-answer.js';
import { failed, cancelled, complete, head, hold } from './testing/samples.js';
import type { Run } from './testing/fake-platform.js';
import { open } from './testing/http-client.js';
import { runIngress, STREAMING, type IngressUnderTest } from './testing/run-ingress.js';
import { step, whenAborted } from './testing/steps.js';
import { watchedAnswer } from './watch-output.js';

let ingress: IngressUnderTest;
afterEach(() => ingress.stop());

/** Ten units of output by our count: forty bytes of text. */
const TEN_UNITS = 'x'.repeat(40);
const record = (text: string): string => `data: {"choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;
const END = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

/** Says so many times ten units, stops when it is told to, and answers what the adapter would. */
const saying =
  (tens: number): Run =>
  async (sink) => {
    await sink.head({ ...head });
    for (let said = 1; said <= tens; said += 1) {
      const left = await Promise.resolve(sink.data(Buffer.from(record(TEN_UNITS)))).catch(GatewayError.from);
      if (left) return { ...cancelled, usage: { input: 40 }, usageSource: 'vendor', deliveredOutput: said * 10 };
      await new Promise(setImmediate);
    }
    await sink.data(Buffer.from(END));
    return complete;
  };

/** The same, with all of it in the first piece, which has not been accepted when it has to stop. */
const inOnePiece =
  (tens: number): Run =>
  async (sink) => {
    await sink.head({ ...head });
    const all = record(TEN_UNITS).repeat(tens) + END;
    const left = await Promise.resolve(sink.data(Buffer.from(all))).catch(GatewayError.from);
    return left ? { ...cancelled, usage: { input: 40 }, usageSource: 'vendor', deliveredOutput: 0 } : complete;
  };

const shortHold = async () => ({ ...hold, maxOutputTokens: 100 });
const told = async (): Promise<Outcome> => {
  while (!ingress.heard.facts[0]) await new Promise(setImmediate);
  return ingress.heard.facts[0].outcome as Outcome;
};
/** What `STREAMING.chat` is held for, as the ledger hears it. */
const REQUEST: HoldRequest = {
  requestId: 'request-1',
  accountId: 'account-1',
  keyId: 'key-1',
  operation: 'generate',
  model: 'model-one',
  caps: [],
  reporter: 'ingress-1',
  priceVersions: ['price-1'],
  inputTokensUpperBound: 10,
  modelMaxOutputTokens: 8_192,
  stream: true,
  deadline: Date.now() + 60_000,
};
const tensIn = (body: Buffer): number => body.toString().split(TEN_UNITS).length - 1;

describe('a stream that started short', () => {
  it('asks for more at four fifths of what is held, with the request that was held for, and goes on to its end', async () => {
    const asked: HoldRequest[] = [];
    ingress = await runIngress({
      billing: {
        hold: shortHold,
        extend: async (request) => {
          asked.push(request);
          return { ...hold, maxOutputTokens: 100 + asked.length * 100 };
        },
      },
      generate: saying(50),
    });
    const reply = await ingress.send(STREAMING.chat);
    expect({ whole: reply.whole, tens: tensIn(reply.body) }).toEqual({ whole: true, tens: 50 });
    // Of 100 at 80, of 200 at 160, and so on to 600 at 480; of the 700 that are held then, 560 are not reached.
    expect(asked).toHaveLength(6);
    expect(asked[0]).toEqual(ingress.heard.held[0]);
    expect(await told()).toMatchObject({ ending: 'complete' });
  });

  it('never asks for a stream that is over before', async () => {
    let asked = 0;
    ingress = await runIngress({
      billing: { hold: shortHold, extend: async () => ({ ...hold, maxOutputTokens: 100 + (asked += 1) }) },
      generate: saying(7),
    });
    expect((await ingress.send(STREAMING.chat)).whole).toBe(true);
    expect(asked).toBe(0);
  });

  it('keeps what lies beyond the hold until the ledger has answered', async () => {
    const granted = step();
    const halted = step();
    let said = 0;
    ingress = await runIngress({
      billing: {
        hold: shortHold,
        extend: async () => {
          await granted.done;
          return { ...hold, maxOutputTokens: 8_192 };
        },
      },
      generate: async (sink) => {
        await sink.head({ ...head });
        for (said = 0; said < 20; said += 1) {
          if (said === 11) halted.take();
          await sink.data(Buffer.from(record(TEN_UNITS)));
        }
        await sink.data(Buffer.from(END));
        return complete;
      },
    });
    const reply = ingress.send(STREAMING.chat);
    while (said < 10) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(said).toBe(10);
    granted.take();
    await halted.done;
    expect(tensIn((await reply).body)).toBe(20);
  });

  it.each(['insufficient-credit', 'quota-exceeded', 'spend-window'] as const)(
    'is ended in its dialect where an extension is refused as %s, and bills what was delivered',
    async (kind) => {
      let asked = 0;
      ingress = await runIngress({
        billing: {
          hold: shortHold,
          extend: async () => {
            asked += 1;
            throw new GatewayError(kind, 'The balance covers no more of this answer.');
          },
        },
        generate: saying(50),
      });
      const reply = await ingress.send(STREAMING.chat);
      expect(reply.whole).toBe(false);
      expect(tensIn(reply.body)).toBe(10);
      expect(reply.body.toString()).toContain('"message":"The balance covers no more of this answer.');
      expect(reply.body.toString()).not.toContain('[DONE]');
      expect(await told()).toMatchObject({
        ending: 'cut',
        deliveredOutput: 100,
        contentStarted: true,
        usage: { input: 40 },
        failure: { kind },
      });
      // Once at four fifths, and once where the hold was used up: money may have come in between.
      expect(asked).toBe(2);
    },
  );

  it('is passed on as far as it is paid for, where all of it comes in one piece', async () => {
    ingress = await runIngress({
      billing: {
        hold: shortHold,
        extend: async () => {
          throw new GatewayError('insufficient-credit', 'The balance covers no more of this answer.');
        },
      },
      generate: inOnePiece(50),
    });
    const reply = await ingress.send(STREAMING.chat);
    expect([reply.whole, tensIn(reply.body)]).toEqual([false, 10]);
    expect(await told()).toMatchObject({ ending: 'cut', deliveredOutput: 100 });
  });

  it('goes on within one piece when it has grown', async () => {
    let held = 100;
    ingress = await runIngress({
      billing: { hold: shortHold, extend: async () => ({ ...hold, maxOutputTokens: (held += 150) }) },
      generate: inOnePiece(50),
    });
    const reply = await ingress.send(STREAMING.chat);
    expect([reply.whole, tensIn(reply.body)]).toEqual([true, 50]);
    expect(held).toBe(550);
  });

  it('goes on where it has grown while what was paid for was still on its way, and asks for nothing twice', async () => {
    const [taken, extended] = [step(), step()];
    const passed: string[] = [];
    let asked = 0;
    const answer: TargetAnswer = {
      head: () => undefined,
      data: (bytes) => {
        passed.push(Buffer.from(bytes).toString());
        return taken.done;
      },
      contentSent: () => true,
      isAnswered: () => true,
      complete: () => undefined,
      fail: () => undefined,
    };
    const extend = async () => {
      asked += 1;
      extended.take();
      return { ...hold, maxOutputTokens: 8_192 };
    };
    const watched = watchedAnswer(
      {
        ...{ protocol: 'openai-chat', form: 'events' },
        request: REQUEST,
        hold: await shortHold(),
        context: ofNobody(),
        abort: () => undefined,
      },
      answer,
      { billing: { extend }, timings: TIMINGS },
    );
    const all = record(TEN_UNITS).repeat(50);
    const written = watched.data(Buffer.from(all));
    await extended.done;
    // The ledger has answered, and the client has not yet read what it could have before.
    await new Promise(setImmediate);
    expect(passed).toHaveLength(1);
    taken.take();
    await written;
    expect({ cut: watched.cut(), whole: passed.join('') === all, asked }).toEqual({
      cut: undefined,
      whole: true,
      asked: 1,
    });
  });

  it('stands still while the ledger is away, and goes on when it is back', async () => {
    let asked = 0;
    ingress = await runIngress({
      billing: {
        hold: shortHold,
        extend: async () => {
          asked += 1;
          // At four fifths, where the hold is used up, and once more.
          if (asked < 4) throw new GatewayError('unavailable', 'nobody serves it');
          return { ...hold, maxOutputTokens: 8_192 };
        },
      },
      generate: saying(50),
    });
    const reply = await ingress.send(STREAMING.chat);
    expect([reply.whole, tensIn(reply.body), asked]).toEqual([true, 50, 4]);
    expect(await told()).toMatchObject({ ending: 'complete' });
  });

  it('pays for what it was given where its client leaves while the ledger is asked', async () => {
    const asked = step();
    ingress = await runIngress({
      billing: {
        hold: shortHold,
        extend: async (_, { signal }) => {
          asked.take();
          await whenAborted(signal);
          throw new GatewayError('cancelled', 'nobody waits for it');
        },
      },
      generate: inOnePiece(50),
    });
    const response = await open(ingress.address, STREAMING.chat);
    await asked.done;
    response.destroy();
    expect(await told()).toMatchObject({ ending: 'cancelled', contentStarted: true, usage: { input: 40 } });
  });

  it('is refused like any other where not even its first record is paid for, and free', async () => {
    ingress = await runIngress({
      billing: {
        hold: async () => ({ ...hold, maxOutputTokens: 5 }),
        extend: async () => {
          throw new GatewayError('insufficient-credit', 'The balance covers no more of this answer.');
        },
      },
      generate: inOnePiece(50),
    });
    expect(await ingress.send(STREAMING.chat)).toMatchObject({ status: 402, whole: true });
    expect(await told()).toMatchObject({ ending: 'cut', contentStarted: false, deliveredOutput: 0 });
  });

  it('is our failure, and free, where the ledger cannot answer for longer than an answer stands still', async () => {
    const billing = {
      hold: shortHold,
      extend: async () => {
        throw new GatewayError('unavailable', 'the ledger store cannot answer');
      },
    };
    ingress = await runIngress({ billing, generate: saying(50) }, { timings: { extendMs: 0 } });
    const reply = await ingress.send(STREAMING.chat);
    expect(reply.whole).toBe(false);
    expect(await told()).toMatchObject({ ending: 'truncated', failure: { kind: 'unavailable' } });
  });

  it('breaks off like any other where its vendor does', async () => {
    ingress = await runIngress({
      billing: { hold: shortHold },
      generate: async (sink) => {
        await sink.head({ ...head });
        await sink.data(Buffer.from(record(TEN_UNITS)));
        return failed({ kind: 'upstream-transient', message: 'cut' }, 'truncated');
      },
    });
    expect((await ingress.send(STREAMING.chat)).whole).toBe(false);
    expect(await told()).toMatchObject({ ending: 'truncated', failure: { kind: 'upstream-transient' } });
  });

  it('is ended as a list of chunks, too, with one more element', async () => {
    const chunk = { candidates: [{ content: { parts: [{ text: TEN_UNITS }] } }] };
    ingress = await runIngress({
      billing: {
        hold: shortHold,
        extend: async () => {
          throw new GatewayError('insufficient-credit', 'nothing is left');
        },
      },
      generate: async (sink) => {
        await sink.head({ ...head, contentType: 'application/json' });
        const list = JSON.stringify(Array.from({ length: 50 }, () => chunk));
        await Promise.resolve(sink.data(Buffer.from(list))).catch(() => undefined);
        return cancelled;
      },
    });
    const { path, ...gemini } = STREAMING.gemini;
    const reply = await ingress.send({ ...gemini, path: path.replace('?alt=sse', '') });
    const elements = JSON.parse(`${reply.body.toString()}]`) as object[];
    expect(elements).toHaveLength(11);
    expect(elements.at(-1)).toMatchObject({ error: { code: 402 } });
    expect(ingress.heard.held[0]).toMatchObject({ stream: true });
    expect(await told()).toMatchObject({ ending: 'cut', deliveredOutput: 100 });
  });
});
