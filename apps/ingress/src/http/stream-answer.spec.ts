import { once } from 'node:events';

import type { Outcome } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { answering, type Run } from '../testing/fake-platform.js';
import { open, openSocket, read, readSocket } from '../testing/http-client.js';
import { ASKING, runIngress, STREAMING, type IngressUnderTest } from '../testing/run-ingress.js';
import { cancelled, complete, failed, head, plan, target } from '../testing/samples.js';
import { nextConnectionClosed } from '../testing/server-side.js';
import { step, until, whenAborted } from '../testing/steps.js';

let ingress: IngressUnderTest;
afterEach(() => ingress.stop());

/** A request as it stands on the wire. */
function spelledOut({ path, headers, body }: typeof ASKING.chat | typeof STREAMING.chat): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: x',
    `x-api-key: ${headers['x-api-key']}`,
    `content-length: ${body.length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const STREAM = 'event: a\r\ndata: {"text":"größe 漢字 🚀"}\r\n\r\n: note\n\ndata: one\ndata: two\n\ndata: [DONE]\n\n';

describe('a streamed answer', () => {
  it.each([1, 2, 3, 7, 16, 1_000])('passes every byte on, in pieces of %d', async (size) => {
    const bytes = Buffer.from(STREAM);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    ingress = await runIngress({ generate: answering(pieces) });
    const reply = await ingress.send(STREAMING.messages);
    expect(reply.body.equals(bytes)).toBe(true);
    expect(reply).toMatchObject({ status: 200, whole: true });
    expect(reply.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-estimated-credits': '0.123' });
  });

  it('holds its head until the first content, so an early failure is a plain status', async () => {
    ingress = await runIngress({
      generate: async () => failed({ kind: 'upstream-rate-limited', message: 'slow down', retryAfterMs: 7_000 }),
    });
    const reply = await ingress.send(STREAMING.chat);
    expect(reply.status).toBe(429);
    expect(reply.headers).toMatchObject({ 'retry-after': '7', 'x-ratelimit-limit': '5.00' });
    expect(reply.json()).toMatchObject({ error: { code: 'upstream_rate_limited' } });
  });

  it('sends each piece at once', async () => {
    const next = step();
    ingress = await runIngress({
      generate: async (sink) => {
        await sink.head(head);
        await sink.data(Buffer.from('data: 1\n\n'));
        await next.done;
        return complete;
      },
    });
    const response = await open(ingress.address, STREAMING.chat);
    const [first] = await once(response, 'data');
    expect(String(first)).toBe('data: 1\n\n');
    next.take();
    expect((await read(response)).whole).toBe(true);
  });
});

describe('silence', () => {
  const timings = { firstKeepAliveMs: 20, keepAliveEveryMs: 20 };
  const isOther = (input: unknown): boolean => (input as { query: string }).query === 'beta=true';

  const silentUntilLeft = async (signal: AbortSignal): Promise<Outcome> => {
    await whenAborted(signal);
    return cancelled;
  };

  /** Another client, who asks later and hears nothing, has been kept alive thrice: the first has had its turns too. */
  const otherIsKeptAlive = async (): Promise<void> => {
    const other = await open(ingress.address, { ...STREAMING.messages, path: '/v1/messages?beta=true' });
    let heard = '';
    for await (const piece of other) {
      heard += String(piece);
      if (heard.split('event: ping').length > 3) break;
    }
  };

  it.each([
    { name: 'messages', asked: STREAMING.messages, alive: 'event: ping\ndata: {"type": "ping"}\n\n' },
    { name: 'chat', asked: STREAMING.chat, alive: ': keep-alive\n\n' },
    { name: 'responses', asked: STREAMING.responses, alive: ': keep-alive\n\n' },
  ])('sends the head and keep-alives of $name, and may still change targets', async ({ asked, alive }) => {
    const next = step();
    const runs: Run[] = [
      async () => {
        await next.done;
        return failed({ kind: 'upstream-timeout', message: 'slow' });
      },
      answering(['data: x\n\n']),
    ];
    ingress = await runIngress(
      {
        routing: { plan: async () => ({ ...plan, targets: [target, target] }) },
        generate: (sink, context, request) => (runs.shift() as Run)(sink, context, request),
      },
      { timings },
    );
    const response = await open(ingress.address, asked);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toContain('text/event-stream');
    const [first] = await once(response, 'data');
    expect(String(first)).toBe(alive);
    next.take();
    expect((await read(response)).body.toString().replaceAll(alive, '')).toBe('data: x\n\n');
  });

  it.each([
    { asked: STREAMING.messages, late: ': x-model-alias: one -> model-two\n: x-gateway-warnings: L60\n\n' },
    { asked: STREAMING.gemini, late: '' },
  ])('tells late what was not known when the head went out, where comments may be: $late', async ({ asked, late }) => {
    const next = step();
    ingress = await runIngress(
      {
        routing: { plan: async () => ({ ...plan, alias: 'one' }) },
        generate: async (sink, { signal }, { input }) => {
          if (isOther(input)) return silentUntilLeft(signal);
          await next.done;
          await sink.head({ ...head, servedBy: 'model-two', warnings: ['L60'] });
          await sink.data(Buffer.from('data: {}\n\n'));
          await sink.data(Buffer.from('data: {}\n\n'));
          return complete;
        },
      },
      { timings },
    );
    const response = await open(ingress.address, asked);
    expect(response.headers['x-model-alias']).toBe('one -> model-one');
    await otherIsKeptAlive();
    next.take();
    const body = (await read(response)).body.toString().replaceAll('event: ping\ndata: {"type": "ping"}\n\n', '');
    expect(body).toBe(`${late}data: {}\n\ndata: {}\n\n`);
  });

  it('says nothing to a Gemini client but the head', async () => {
    const next = step();
    ingress = await runIngress(
      {
        generate: async (sink, { signal }, { input }) => {
          if (isOther(input)) return silentUntilLeft(signal);
          await next.done;
          await sink.head(head);
          await sink.data(Buffer.from('data: {}\n\n'));
          return complete;
        },
      },
      { timings },
    );
    const response = await open(ingress.address, STREAMING.gemini);
    await otherIsKeptAlive();
    next.take();
    expect((await read(response)).body.toString()).toBe('data: {}\n\n');
  });

  it('never speaks within a record', async () => {
    const [half, whole] = [step(), step()];
    ingress = await runIngress(
      {
        generate: async (sink, { signal }, { input }) => {
          if (isOther(input)) return silentUntilLeft(signal);
          await sink.head(head);
          await sink.data(Buffer.from('data: half'));
          await half.done;
          await sink.data(Buffer.from('-whole\n\n'));
          await whole.done;
          return complete;
        },
      },
      { timings },
    );
    const response = await open(ingress.address, STREAMING.chat);
    let text = '';
    response.on('data', (piece) => (text += String(piece)));
    await until(() => text !== '');
    await otherIsKeptAlive();
    expect(text).toBe('data: half');
    half.take();
    await until(() => text.includes('keep-alive'));
    expect(text.startsWith('data: half-whole\n\n: keep-alive\n\n')).toBe(true);
    whole.take();
    await read(response);
  });

  it('ends in the dialect when no target is left', async () => {
    const next = step();
    ingress = await runIngress(
      {
        generate: async () => {
          await next.done;
          return failed({ kind: 'upstream-timeout', message: 'slow' });
        },
      },
      { timings },
    );
    const response = await open(ingress.address, STREAMING.messages);
    next.take();
    const reply = await read(response);
    expect(reply.whole).toBe(false);
    expect(reply.body.toString()).toContain('event: error\ndata: {"type":"error","error":{"type":"timeout_error"');
  });
});

describe('a stream that breaks', () => {
  const broken: Run = async (sink) => {
    await sink.head(head);
    await sink.data(Buffer.from('data: {"sequence_number":4}\n\ndata: ha'));
    return failed({ kind: 'upstream-transient', message: 'reset' }, 'truncated');
  };

  it.each([
    { name: 'messages', asked: STREAMING.messages, last: /data: ha\n\nevent: error\ndata: \{"type":"error".*\}\n\n$/s },
    { name: 'chat', asked: STREAMING.chat, last: /data: ha\n\ndata: \{"error":\{.*\}\n\n$/s },
    {
      name: 'responses',
      asked: STREAMING.responses,
      last: /event: error\ndata: .*"sequence_number":5.*response\.failed/s,
    },
    { name: 'gemini', asked: STREAMING.gemini, last: /data: ha\n\ndata: \{"error":\{"code":502.*\}\n\n$/s },
  ])('ends in the form of $name, flushed, and is cut', async ({ asked, last }) => {
    ingress = await runIngress({ generate: broken });
    const reply = await ingress.send(asked);
    expect(reply.status).toBe(200);
    expect(reply.whole).toBe(false);
    expect(reply.body.toString()).toMatch(last);
    expect(reply.body.toString()).not.toMatch(/\[DONE\]|message_stop|response\.completed|finish_reason/);
  });

  it('adds an element to a Gemini stream that is an array', async () => {
    ingress = await runIngress({
      generate: async (sink) => {
        await sink.head({ ...head, contentType: 'application/json' });
        await sink.data(Buffer.from('[{"a":1}'));
        return failed({ kind: 'upstream-transient', message: 'reset' }, 'truncated');
      },
    });
    const reply = await ingress.send({ ...STREAMING.gemini, path: '/v1beta/models/m:streamGenerateContent' });
    expect(reply.whole).toBe(false);
    const elements = JSON.parse(`${reply.body.toString()}]`) as object[];
    expect(elements).toEqual([{ a: 1 }, expect.objectContaining({ error: expect.objectContaining({ code: 502 }) })]);
  });

  it('is settled as truncated when the call itself breaks', async () => {
    ingress = await runIngress({
      generate: async (sink) => {
        await sink.head(head);
        await sink.data(Buffer.from('data: 1\n\n'));
        throw new GatewayError('unavailable', 'a frame was lost');
      },
    });
    const reply = await ingress.send(STREAMING.chat);
    expect(reply.whole).toBe(false);
    await until(() => ingress.heard.facts.length === 1);
    expect(ingress.heard.facts[0]?.outcome).toMatchObject({ ending: 'truncated', contentStarted: true });
  });
});

describe('a client that leaves', () => {
  it.each(['before content', 'after content'])('stops a call that would not end, %s', async (when) => {
    const started = step<AbortSignal>();
    ingress = await runIngress({
      generate: async (sink, { signal }) => {
        if (when === 'after content') {
          await sink.head(head);
          await sink.data(Buffer.from('data: 1\n\n'));
        }
        started.take(signal);
        await whenAborted(signal);
        return cancelled;
      },
    });
    const socket = await openSocket(ingress.address);
    socket.write(spelledOut(STREAMING.chat));
    const signal = await started.done;
    socket.destroy();
    // The run never ends by itself, and its deadline is minutes away: nothing but the leaving can stop it.
    await whenAborted(signal);
    await until(() => ingress.heard.facts.length === 1);
    expect(ingress.heard.facts[0]?.outcome).toEqual(cancelled);
  });
});

describe('a client that does not read', () => {
  const PIECE = Buffer.alloc(64 * 1024, 0x20);
  const KERNEL_BYTES_MAX = 16 * 1024 * 1024;

  const flooding =
    (written: { bytes: number }): Run =>
    async (sink, { signal }) => {
      await sink.head(head);
      try {
        while (!signal.aborted) {
          await sink.data(PIECE);
          written.bytes += PIECE.length;
        }
      } catch {
        // A write that waits when the reader goes is refused; the outcome is told all the same.
      }
      return cancelled;
    };

  const askAndStall = async () => {
    const socket = await openSocket(ingress.address);
    socket.pause();
    socket.write(spelledOut(STREAMING.chat));
    return socket;
  };

  it('holds the writer within what the kernel buffers', async () => {
    const written = { bytes: 0 };
    const runs = [flooding(written), flooding({ bytes: 0 })];
    ingress = await runIngress({ generate: (sink, context, request) => (runs.shift() as Run)(sink, context, request) });
    const socket = await askAndStall();
    await until(() => written.bytes > 0);
    // A client that asked later and reads is given more than the stalled one may have: that one has had its time.
    const reader = await open(ingress.address, STREAMING.chat);
    let read = 0;
    for await (const piece of reader) {
      read += (piece as Buffer).length;
      if (read > 2 * KERNEL_BYTES_MAX) break;
    }
    const before = written.bytes;
    expect(before).toBeLessThan(KERNEL_BYTES_MAX);
    socket.resume();
    await until(() => written.bytes > before + 4 * PIECE.length);
    socket.destroy();
    await until(() => ingress.heard.facts.length === 2);
  });

  it('is dropped after a bounded stall', async () => {
    ingress = await runIngress({ generate: flooding({ bytes: 0 }) }, { timings: { clientStallMs: 50 } });
    const socket = await askAndStall();
    await until(() => ingress.heard.facts.length === 1);
    expect(ingress.heard.facts[0]?.outcome.ending).toBe('cancelled');
    await readSocket(socket);
  });

  it('is dropped as well when each of the answers that it leaves unread is small', async () => {
    const answer = PIECE.subarray(0, 32 * 1024);
    ingress = await runIngress({ generate: answering([answer]) }, { timings: { clientStallMs: 50 } });
    const closed = nextConnectionClosed();
    const socket = await openSocket(ingress.address);
    socket.pause();
    // All of them together are more than the kernel buffers, so that some stay with us.
    socket.write(spelledOut(ASKING.chat).repeat((2 * KERNEL_BYTES_MAX) / answer.length));
    await closed;
    socket.destroy();
  });

  it('is not waited for any more when it has read, however long the next answer takes', async () => {
    const large = Buffer.alloc(2 * KERNEL_BYTES_MAX, 0x20);
    const second = step();
    const runs: Run[] = [
      answering([large]),
      async (sink, context, request) => {
        await second.done;
        return answering([Buffer.from('[["the second"]]')])(sink, context, request);
      },
    ];
    ingress = await runIngress(
      { generate: (sink, context, request) => (runs.shift() as Run)(sink, context, request) },
      { timings: { clientStallMs: 250 } },
    );
    const socket = await openSocket(ingress.address);
    let received = 0;
    let tail = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      tail = chunk.toString('latin1').slice(-100);
      // Had the first answer's time gone on, the connection would be gone by then.
      if (received >= large.length) setTimeout(() => second.take(), 1_000);
    });
    socket.write(spelledOut(ASKING.chat).repeat(2));
    await until(() => tail.includes('the second') || socket.destroyed);
    expect(tail).toContain('the second');
    socket.destroy();
  });
});
