import { createLocalBus } from '@bytespike/bus/testing';
import { generation, translation, type ClientFor, type Outcome, type StreamHead } from '@bytespike/contracts';
import { createLogger } from '@bytespike/telemetry';

import { scriptVendor, type Script } from './testing/scripted-vendor.js';
import { translator } from './service.js';

type Input = Parameters<ClientFor<typeof translation>['run']>[0]['input'];

const target: Input['target'] = {
  ...{ channelId: 'deepseek-main', vendor: 'deepseek', model: 'deepseek-v4-pro', upstreamModel: 'v4-pro-0925' },
  ...{ protocol: 'openai-chat', lane: 'ir', priceVersion: 'deepseek-v4-pro@1' },
};

const input: Input = {
  ...{ requestId: 'r1', operation: 'generate', stream: true, query: 'beta=true', target, attemptsLeft: 3 },
  ...{ accountId: 'acc', keyId: 'key', maxOutputTokens: 64_000 },
  ...{ clientProtocol: 'anthropic-messages', policy: 'warn', allow: [] },
  headers: { 'anthropic-beta': 'effort-2025-11-24', 'anthropic-version': '2023-06-01' },
};

const hello = { model: 'deepseek-v4-pro', max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] };
const encoder = new TextEncoder();
const chunk = (delta: object, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-7', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const spoken = [chunk({ role: 'assistant', content: 'Hel' }), chunk({ content: 'lo' }), chunk({}, 'stop')];
const done = 'data: [DONE]\n\n';

interface Received {
  readonly heads: StreamHead[];
  readonly text: string;
  readonly outcome: Outcome;
}

interface Asking {
  readonly input?: Partial<Input>;
  readonly body?: object;
  readonly signal?: AbortSignal;
  /** Stands for a client that reads slowly. */
  readonly reading?: (text: string) => Promise<void>;
}

const drains: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(drains.splice(0).map((drain) => drain()));
});

async function start(script: Script) {
  const vendor = scriptVendor(script);
  const bus = createLocalBus();
  await bus.serve(generation, vendor.handlers);
  // The service itself, on a bus without NATS: what is tested is what is deployed.
  const logger = createLogger({ service: 'translator', level: 'silent' });
  const environment = {
    KEY_PEPPER: 'a pepper of sixteen letters',
    // Nothing that is tested here is kept, so nobody connects.
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
    REDIS_URL: 'redis://127.0.0.1:1',
  };
  const { drain } = await translator.start({ environment, bus, logger });
  drains.push(() => drain(1_000));
  const ask = async ({ input: changed, body, signal, reading }: Asking = {}): Promise<Received> => {
    const heads: StreamHead[] = [];
    let text = '';
    const outcome = await bus.client(translation).run(
      { input: { ...input, ...changed }, body: encoder.encode(JSON.stringify({ ...hello, ...body })) },
      {
        head: (head) => void heads.push(head),
        data: async (bytes) => {
          text += new TextDecoder().decode(bytes);
          await reading?.(text);
        },
      },
      { requestId: 'r1', deadline: Date.now() + 10_000, signal: signal ?? new AbortController().signal },
    );
    return { heads, text, outcome };
  };
  return { vendor, ask };
}

const sentBody = (body: Uint8Array | undefined): unknown => JSON.parse(new TextDecoder().decode(body));

describe('a translated stream', () => {
  it("asks the vendor in its own dialect and answers in the client's", async () => {
    const { vendor, ask } = await start({ pieces: [...spoken, done] });
    const { heads, text, outcome } = await ask();
    expect(vendor.calls[0]?.input).toMatchObject({
      stream: true,
      headers: {},
      query: '',
      edits: [],
      usageChunk: 'pass',
      attemptsLeft: 3,
    });
    expect(sentBody(vendor.calls[0]?.body)).toMatchObject({ model: 'v4-pro-0925', max_tokens: 50, stream: true });
    expect(heads).toEqual([
      {
        ...{ status: 200, contentType: 'text/event-stream; charset=utf-8', headers: {}, servedBy: 'deepseek-v4-pro' },
        warnings: ['L85;path="anthropic-beta";action=dropped'],
      },
    ]);
    expect(text).toContain('"model":"deepseek-v4-pro"');
    expect(text.endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toBe(true);
    expect(outcome).toMatchObject({ ending: 'complete', usage: { input: 7, output: 3 } });
  });

  it.each([
    { query: 'alt=sse', contentType: 'text/event-stream; charset=utf-8', opens: 'data: {', closes: '}\n\n' },
    { query: '', contentType: 'application/json; charset=utf-8', opens: '[{', closes: '}\r\n]' },
  ])('is framed as a Gemini client asked for it with "$query"', async ({ query, contentType, opens, closes }) => {
    const { ask } = await start({ pieces: [...spoken, done] });
    const body = { contents: [{ parts: [{ text: 'Hi' }] }] };
    const { heads, text } = await ask({ body, input: { clientProtocol: 'gemini-generate', query, headers: {} } });
    expect(heads[0]?.contentType).toBe(contentType);
    expect([text.startsWith(opens), text.endsWith(closes)]).toEqual([true, true]);
    const chunks = query === '' ? text : `[${text.replaceAll('data: ', '').trim().replaceAll('\n\n', ',')}]`;
    expect(JSON.parse(chunks)).toMatchObject([
      { candidates: [{ content: { parts: [{ text: 'Hel' }] } }] },
      { candidates: [{ content: { parts: [{ text: 'lo' }] } }] },
      { candidates: [{ finishReason: 'STOP' }] },
    ]);
  });

  it.each([
    ['without the last blank line', (record: string) => record.trimEnd()],
    ['with carriage returns alone', (record: string) => record.replaceAll('\n', '\r')],
  ])('is read to its end %s', async (_name, written) => {
    const { ask } = await start({ pieces: [...spoken.slice(0, 2), written(chunk({}, 'stop'))] });
    const { text, outcome } = await ask();
    expect(text.endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toBe(true);
    expect(outcome.ending).toBe('complete');
  });

  it('leaves a list open that breaks off, for the rim to tell the failure in', async () => {
    const { ask } = await start({ pieces: spoken.slice(0, 2) });
    const body = { contents: [{ parts: [{ text: 'Hi' }] }] };
    const { text, outcome } = await ask({ body, input: { clientProtocol: 'gemini-generate', query: '', headers: {} } });
    expect(outcome.ending).toBe('failed');
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(JSON.parse(`${text}]`)).toHaveLength(2);
  });

  it('ends normally after a finish reason though [DONE] never came', async () => {
    const { ask } = await start({ pieces: spoken });
    expect((await ask()).text).toContain('message_stop');
  });

  it.each<{ name: string; script: Script; ending: string; kind: string | undefined; heads: number }>([
    {
      name: 'breaks off',
      script: { pieces: spoken.slice(0, 2), outcome: { ending: 'truncated' } },
      ending: 'truncated',
      kind: undefined,
      heads: 1,
    },
    {
      name: 'ends cleanly without its terminator',
      script: { pieces: spoken.slice(0, 2) },
      ending: 'failed',
      kind: 'upstream-garbled',
      heads: 1,
    },
    {
      name: 'turns unreadable',
      script: { pieces: [spoken[0] ?? '', 'data: {"choices": 7}\n\n', ...spoken] },
      ending: 'failed',
      kind: 'upstream-garbled',
      heads: 1,
    },
    {
      name: 'is unreadable from the start',
      script: { pieces: ['data: <html>\n\n', ...spoken] },
      ending: 'failed',
      kind: 'upstream-garbled',
      heads: 0,
    },
    {
      name: 'says that it failed',
      script: { pieces: [spoken[0] ?? '', 'data: {"error":{"message":"oops"}}\n\n', done] },
      ending: 'failed',
      kind: 'upstream-transient',
      heads: 1,
    },
    {
      name: 'never begins',
      script: {
        pieces: [],
        outcome: { ending: 'failed', contentStarted: false, failure: { kind: 'upstream-timeout', message: 'slow' } },
      },
      ...{ ending: 'failed', kind: 'upstream-timeout', heads: 0 },
    },
  ])('that $name is given no terminator', async ({ script, ending, kind, heads }) => {
    const { ask } = await start(script);
    const received = await ask();
    expect(received.outcome.ending).toBe(ending);
    expect(received.outcome.failure?.kind).toBe(kind);
    expect(received.heads).toHaveLength(heads);
    expect(received.outcome.contentStarted).toBe(heads > 0);
    expect(received.text).not.toMatch(/message_stop|message_delta/);
  });

  it('that cannot be read is not paid for further, and costs nothing', async () => {
    const { vendor, ask } = await start({ pieces: [spoken[0] ?? '', 'data: nonsense\n\n', ...spoken, done] });
    const { outcome } = await ask();
    expect(vendor.contexts[0]?.signal.aborted).toBe(true);
    expect(outcome).toMatchObject({ ending: 'failed', usageSource: 'none', attempts: [{ kind: 'upstream-garbled' }] });
    expect(outcome.usage).toBeUndefined();
  });

  it('waits for a client that reads slowly', async () => {
    const order: string[] = [];
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { ask } = await start({
      pieces: [spoken[0] ?? '', async () => void order.push('vendor goes on'), ...spoken.slice(1), done],
    });
    const asking = ask({
      reading: async () => {
        if (order.length > 0) return;
        order.push('client begins to read');
        setImmediate(() => {
          order.push('client has read');
          release();
        });
        await gate;
      },
    });
    await asking;
    expect(order).toEqual(['client begins to read', 'client has read', 'vendor goes on']);
  });

  it('stops the vendor when the client leaves', async () => {
    const leaving = new AbortController();
    const { vendor, ask } = await start({ pieces: [spoken[0] ?? '', async () => leaving.abort(), ...spoken, done] });
    const left = await ask({ signal: leaving.signal }).catch((thrown: unknown) => thrown);
    expect(vendor.contexts[0]?.signal.aborted).toBe(true);
    expect(left).toMatchObject(left instanceof Error ? { kind: 'cancelled' } : { outcome: { ending: 'cancelled' } });
  });
});

describe('a translated whole answer', () => {
  const answer = (message: object) =>
    JSON.stringify({
      id: 'chatcmpl-7',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 3 },
    });

  it('makes the vendor not stream, and is sent when all of it is understood', async () => {
    const body = answer({ content: 'Hello', reasoning_content: 'Hm.' });
    const { vendor, ask } = await start({ pieces: [body.slice(0, 9), body.slice(9)] });
    const { heads, text, outcome } = await ask({
      input: { stream: false },
      body: { top_k: 5, thinking: { type: 'adaptive' } },
    });
    expect(sentBody(vendor.calls[0]?.body)).not.toHaveProperty('stream');
    expect(heads).toMatchObject([
      {
        contentType: 'application/json',
        warnings: [expect.stringContaining('L85'), 'L60;path="top_k";action=dropped'],
      },
    ]);
    expect(JSON.parse(text)).toMatchObject({
      type: 'message',
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Hello' },
      ],
      usage: { input_tokens: 7, output_tokens: 3 },
    });
    expect(outcome.ending).toBe('complete');
  });

  it('that does not decode is a failure another target may make good', async () => {
    const { ask } = await start({ pieces: ['{"choices": []}'] });
    const { heads, outcome } = await ask({ input: { stream: false } });
    expect(heads).toEqual([]);
    expect(outcome).toMatchObject({ ending: 'failed', contentStarted: false, failure: { kind: 'upstream-garbled' } });
  });

  it("never carries a vendor's error body in a foreign dialect", async () => {
    const verbatim = { status: 400, contentType: 'application/json', bodyBase64: 'e30=' };
    const failure = { kind: 'invalid-request', message: 'no', verbatim } as const;
    const { ask } = await start({ pieces: [], outcome: { ending: 'failed', contentStarted: false, failure } });
    const { outcome } = await ask({ input: { stream: false } });
    expect(outcome.failure).toEqual({ kind: 'invalid-request', message: 'no' });
  });
});

describe('what is refused before a vendor is asked', () => {
  it.each<{ name: string; asking: Asking; message: string }>([
    {
      name: 'a loss',
      asking: { body: { container: 'c' } },
      message:
        'container: a feature served by one vendor alone was asked for by deepseek-v4-pro at deepseek (L80). Send "x-gateway-allow: L80"',
    },
    {
      name: 'a hint, by a strict caller',
      asking: { input: { policy: 'strict' }, body: { top_k: 5 } },
      message: 'top_k: a sampling setting was dropped',
    },
    { name: 'a wrong field', asking: { body: { messages: [{ role: 'user' }] } }, message: 'messages.0.content' },
  ])('$name', async ({ asking, message }) => {
    const { vendor, ask } = await start({ pieces: [...spoken, done] });
    await expect(ask(asking)).rejects.toThrow(message);
    expect(vendor.calls).toEqual([]);
  });

  it('unless its code is permitted', async () => {
    const { ask } = await start({ pieces: [...spoken, done] });
    const { heads } = await ask({ input: { allow: ['L80'] }, body: { container: 'c' } });
    expect(heads[0]?.warnings).toContain('L80;path="container";action=dropped');
  });
});

describe('a count', () => {
  const counting = { operation: 'count', stream: false } as const;
  const claude = {
    ...target,
    ...{ channelId: 'anthropic-main', vendor: 'anthropic', model: 'claude-sonnet-4-6' },
    protocol: 'anthropic-messages',
  } as const;
  const question = { max_tokens: undefined, container: 'c', top_k: 5 };

  it('is made by the vendor where its wire counts, whatever a generation would lose', async () => {
    const { vendor, ask } = await start({ pieces: ['{"input_', 'tokens":42}'] });
    const input = { ...counting, target: claude, policy: 'strict' } as const;
    const { heads, text, outcome } = await ask({ input, body: question });
    expect(vendor.calls[0]?.input).toMatchObject({ operation: 'count', stream: false, attemptsLeft: 3 });
    expect(sentBody(vendor.calls[0]?.body)).toEqual({ model: 'v4-pro-0925', messages: expect.any(Array) });
    expect(heads).toEqual([
      { status: 200, contentType: 'application/json', headers: {}, servedBy: 'claude-sonnet-4-6', warnings: [] },
    ]);
    expect(text).toBe('{"input_tokens":42}');
    expect(outcome).toMatchObject({ ending: 'complete', usageSource: 'none', contentStarted: true });
    expect(outcome).not.toHaveProperty('usage');
  });

  it('is estimated where nobody counts, and says so', async () => {
    const { vendor, ask } = await start({ pieces: [] });
    const { heads, text, outcome } = await ask({ input: counting, body: question });
    expect(vendor.calls).toEqual([]);
    expect(heads[0]?.headers).toEqual({ 'x-gw-estimate': 'true' });
    expect(JSON.parse(text)).toEqual({ input_tokens: expect.any(Number) });
    expect(outcome).toMatchObject({ ending: 'complete', attempts: [] });
  });

  it.each<{ name: string; script: Script }>([
    { name: 'failed', script: { pieces: [], outcome: { ending: 'failed', contentStarted: false } } },
    { name: 'said no number', script: { pieces: ['<html>'] } },
    { name: 'said too much', script: { pieces: ['{"input_tokens":42,"x":"', 'x'.repeat(300_000), '"}'] } },
  ])('is estimated when the counter $name', async ({ script }) => {
    const { ask } = await start(script);
    const { heads, outcome } = await ask({ input: { ...counting, target: claude } });
    expect(heads[0]?.headers).toEqual({ 'x-gw-estimate': 'true' });
    expect(outcome).toMatchObject({ ending: 'complete', attempts: [{ status: 200 }] });
  });

  it('ends when its client leaves', async () => {
    const { ask } = await start({ pieces: [], outcome: { ending: 'cancelled', contentStarted: false } });
    const { heads, outcome } = await ask({ input: { ...counting, target: claude } });
    expect([heads, outcome.ending]).toEqual([[], 'cancelled']);
  });
});

describe('reasoning that is not shown and cannot be kept', () => {
  const call = { index: 0, id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } };
  const called = [
    chunk({ role: 'assistant', reasoning_content: 'Hm.' }),
    chunk({ tool_calls: [call] }),
    chunk({}, 'tool_calls'),
    done,
  ];
  const lookedAt = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'look', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'x' }] },
  ];

  it('is a loss that a stream tells in a record of its own', async () => {
    const { ask } = await start({ pieces: called });
    const { text, outcome } = await ask();
    expect(text).toContain('\n\n: x-gateway-warnings: L40;path="reasoning";action=dropped\n\n');
    expect(text).not.toContain('Hm.');
    expect(outcome.ending).toBe('complete');
  });

  it('is a loss of the next turn, which is served all the same', async () => {
    const { ask } = await start({ pieces: [...spoken, done] });
    const { heads, outcome } = await ask({ body: { messages: lookedAt } });
    expect(heads[0]?.warnings).toContain('L40;path="messages.1";action=dropped');
    expect(outcome.ending).toBe('complete');
  });
});
