import fc from 'fast-check';

import { chatTarget, createAdapter, type Adapter } from './testing/call-adapter.js';
import { answering, startScriptedVendor, streaming, type ScriptedVendor } from './testing/scripted-vendor.js';

const event = (data: object | string): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const delta = (content: string, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta: finish ? {} : { content }, finish_reason: finish }] });

const hello = event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] });
const words = delta('Grüße 🙂 an alle hier');
const stop = delta('', 'stop');
const report = event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } });
const done = event('[DONE]');
const whole = hello + words + stop + report + done;

const three = [
  { id: 'cr-1', weight: 1, secret: 'sk-one' },
  { id: 'cr-2', weight: 1, secret: 'sk-two' },
];

let vendor: ScriptedVendor;
let adapter: Adapter;

beforeEach(async () => {
  vendor = await startScriptedVendor();
  adapter = createAdapter(vendor.address);
});
afterEach(async () => {
  await adapter.stop();
  await vendor.stop();
});

async function using(options: Parameters<typeof createAdapter>[1]): Promise<void> {
  await adapter.stop();
  adapter = createAdapter(vendor.address, options);
}

const bearers = (): (string | undefined)[] => vendor.seen.map(({ headers }) => headers.authorization);

describe('a stream on the raw lane', () => {
  it('is passed byte for byte, however it is cut, in frames of whole records', async () => {
    const bytes = Buffer.from(whole);
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const edges = [0, ...at.sort((one, other) => one - other), bytes.length];
        vendor.follow(streaming(edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))));
        const { outcome, text, frames } = await adapter.call();
        expect(text).toBe(whole);
        expect(frames.every((frame) => frame.toString().endsWith('\n\n'))).toBe(true);
        expect(outcome).toMatchObject({ ending: 'complete', finish: 'stop', usage: { input: 9, output: 4 } });
      }),
      { numRuns: 15 },
    );
  });

  it('says who serves, keeps one vendor header and none of the others', async () => {
    vendor.follow(streaming([whole]));
    const { head } = await adapter.call();
    expect(head).toEqual({
      status: 200,
      contentType: 'text/event-stream',
      headers: { 'x-upstream-request-id': 'req_vendor' },
      servedBy: 'gpt-house',
      warnings: [],
    });
  });

  it('reaches the vendor edited, authorised and otherwise as it was', async () => {
    vendor.follow(streaming([whole]));
    await adapter.call({
      body: '{"model":"alias","stream":true}',
      input: {
        edits: [{ at: 9, length: 7, text: '"up-1"' }],
        query: 'beta=true',
        headers: { 'openai-beta': 'x', cookie: 'c', authorization: 'Bearer client' },
      },
    });
    const [seen] = vendor.seen;
    expect(seen).toMatchObject({ url: '/v1/chat/completions?beta=true', body: '{"model":"up-1","stream":true}' });
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer sk-one',
      'openai-beta': 'x',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
    });
    expect(seen?.headers).not.toHaveProperty('cookie');
    expect(seen?.headers).not.toHaveProperty('traceparent');
  });

  it('withholds the report that we asked for, and nothing else', async () => {
    vendor.follow(streaming([...whole].map((character) => character)));
    const { outcome, text } = await adapter.call({ input: { usageChunk: 'withhold' } });
    expect(text).toBe(hello + words + stop + done);
    expect(outcome.usage).toEqual({ input: 9, output: 4 });
  });

  it('believes no numbers that contradict each other', async () => {
    const absurd = event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 99 } });
    vendor.follow(streaming([hello, words, stop, absurd, done]));
    const { outcome } = await adapter.call();
    expect(outcome).toMatchObject({ ending: 'complete', quarantined: true, usageSource: 'none' });
    expect(outcome.usage).toBeUndefined();
  });

  it('counts by itself when the vendor does not', async () => {
    vendor.follow(streaming([hello, words, stop, done]));
    const { outcome } = await adapter.call();
    expect(outcome).toMatchObject({ ending: 'complete', usageSource: 'counted', deliveredOutput: 6 });
    expect(outcome.usage).toBeUndefined();
  });
});

describe('a failure before the first content', () => {
  it('is repeated once at the same target, unseen', async () => {
    vendor.follow(answering(500, { error: { message: 'boom' } }), streaming([whole]));
    const { outcome, text } = await adapter.call();
    expect(text).toBe(whole);
    expect(outcome.attempts).toMatchObject([
      { status: 500, kind: 'upstream-transient', credentialId: 'cr-1' },
      { status: 200, credentialId: 'cr-1' },
    ]);
    expect(outcome.attempts[1]?.kind).toBeUndefined();
  });

  it.each([
    ['an error event', streaming([hello, event({ error: { message: 'no', code: 'server_error' } })])],
    ['a cut', streaming([hello], 'cut')],
    ['a clean end without an end', streaming([hello])],
    ['an error with status 200', answering(200, { error: { message: 'no', code: 'server_error' } })],
  ])('is invisible: %s', async (_name, script) => {
    vendor.follow(script, streaming([whole]));
    const { outcome, text } = await adapter.call();
    expect(text).toBe(whole);
    expect(outcome.attempts).toHaveLength(2);
  });

  it.each([
    ['a body where a stream was asked for', answering(200, { choices: [] }), 'upstream-garbled'],
    ['a broken event', streaming([hello, 'data: {"choices":[}\n\n']), 'upstream-garbled'],
    ['an unknown model', answering(404, { error: { code: 'model_not_found', message: 'x' } }), 'upstream-model-gone'],
    ['a redirect', answering(302, '', { location: '/x' }), 'upstream-garbled'],
  ])('goes to the next target: %s', async (_name, script, kind) => {
    vendor.follow(script);
    const { outcome, head } = await adapter.call();
    expect(head).toBeUndefined();
    expect(outcome).toMatchObject({ ending: 'failed', failure: { kind }, contentStarted: false });
    expect(outcome.attempts).toHaveLength(1);
  });

  it('respects the attempts that are left', async () => {
    vendor.follow(answering(500, {}));
    const { outcome } = await adapter.call({ input: { attemptsLeft: 1 } });
    expect(outcome.attempts).toHaveLength(1);
  });

  it('keeps the silence of a vendor bounded', async () => {
    await using({ timeouts: { firstContentMs: 120, stallMs: 5_000 } });
    vendor.follow(streaming([hello], 'hang'));
    const { outcome } = await adapter.call();
    expect(outcome.failure?.kind).toBe('upstream-timeout');
  });
});

describe('credentials', () => {
  it.each([
    [401, { error: { message: 'bad', code: 'invalid_api_key' } }, 'upstream-credential'],
    [429, { error: { message: 'empty', code: 'insufficient_quota' } }, 'upstream-quota'],
    [429, { error: { message: 'slow', code: 'rate_limit_exceeded' } }, 'upstream-rate-limited'],
  ])('the next one is asked after %i %j', async (status, body, kind) => {
    await using({ credentials: three });
    vendor.follow(answering(status, body), streaming([whole]));
    const { outcome } = await adapter.call();
    expect(outcome.attempts).toMatchObject([{ kind, credentialId: 'cr-1' }, { credentialId: 'cr-2' }]);
    expect(bearers()).toEqual(['Bearer sk-one', 'Bearer sk-two']);
    await adapter.call();
    expect(bearers().at(-1)).toBe('Bearer sk-two');
  });

  it('rests for as long as the vendor asked, without another call', async () => {
    vendor.follow(answering(429, { error: { message: 'slow' } }, { 'retry-after': '7' }), streaming([whole]));
    const first = await adapter.call();
    expect(first.outcome.failure).toMatchObject({ kind: 'upstream-rate-limited', retryAfterMs: 7_000 });
    const second = await adapter.call();
    expect(second.outcome).toMatchObject({
      ending: 'failed',
      failure: { kind: 'upstream-rate-limited' },
      attempts: [],
    });
    expect(vendor.seen).toHaveLength(1);
    adapter.passTime(7_001);
    expect((await adapter.call()).outcome.ending).toBe('complete');
  });

  it('is asked again when there is no other, although it was refused', async () => {
    vendor.follow(answering(401, {}), streaming([whole]));
    expect((await adapter.call()).outcome.failure?.kind).toBe('upstream-credential');
    expect((await adapter.call()).outcome.ending).toBe('complete');
  });
});

describe('a refusal of the request', () => {
  const refusal = '{ "error": {"message": "max_tokens: too many",\n "type":"invalid_request_error"} }';

  it.each([400, 413, 422])('%i is kept byte for byte', async (status) => {
    vendor.follow(answering(status, refusal, { 'content-type': 'application/json; charset=utf-8' }));
    const { outcome } = await adapter.call();
    const { verbatim } = outcome.failure ?? {};
    expect(verbatim).toMatchObject({ status, contentType: 'application/json; charset=utf-8' });
    expect(Buffer.from(verbatim?.bodyBase64 ?? '', 'base64').toString()).toBe(refusal);
    expect(outcome.attempts).toHaveLength(1);
  });

  it('is not kept where the dialect is not the caller’s, nor when it is about our account', async () => {
    vendor.follow(answering(400, refusal));
    const { outcome } = await adapter.call({ input: { target: { ...chatTarget(), lane: 'ir' } } });
    expect(outcome.failure).toEqual({ kind: 'upstream-refused', message: 'max_tokens: too many' });
    vendor.follow(answering(400, { error: { message: 'Your credit balance is too low' } }));
    expect((await adapter.call()).outcome.failure).toMatchObject({ kind: 'upstream-quota' });
    expect((await adapter.call()).outcome.failure).not.toHaveProperty('verbatim');
  });
});

describe('a failure after content', () => {
  it.each([
    ['a cut', streaming([hello, words], 'cut'), 'upstream-transient'],
    ['a cut within a record', streaming([hello, words, 'data: {"choi'], 'cut'), 'upstream-transient'],
    ['a clean end without an end', streaming([hello, words]), 'upstream-transient'],
    ['an error event', streaming([hello, words, event({ error: { code: 'server_error' } })]), 'upstream-transient'],
    ['a broken event', streaming([hello, words, 'data: {"choices":[}\n\n', stop]), 'upstream-garbled'],
  ])('truncates: %s', async (_name, script, kind) => {
    vendor.follow(script);
    const { outcome, text } = await adapter.call();
    expect(text).toBe(hello + words);
    expect(outcome).toMatchObject({ ending: 'truncated', failure: { kind }, contentStarted: true });
    expect(outcome.attempts).toHaveLength(1);
  });

  it('bounds a stall', async () => {
    await using({ timeouts: { firstContentMs: 5_000, stallMs: 120 } });
    vendor.follow(streaming([hello, words], 'hang'));
    expect((await adapter.call()).outcome).toMatchObject({
      ending: 'truncated',
      failure: { kind: 'upstream-timeout' },
    });
  });
});

describe('a caller that leaves', () => {
  it('closes the vendor’s connection at once and is told what it was given', async () => {
    vendor.follow(streaming([hello, words], 'hang'));
    const leaving = new AbortController();
    let leftAt = 0;
    const { outcome } = await adapter.call({
      signal: leaving.signal,
      onData: () => {
        setImmediate(() => {
          leftAt = performance.now();
          leaving.abort();
        });
      },
    });
    expect(outcome).toMatchObject({ ending: 'cancelled', contentStarted: true, deliveredOutput: 6 });
    expect((await vendor.closed()) - leftAt).toBeLessThan(100);
  });

  it('pays for nothing before content', async () => {
    const leaving = new AbortController();
    vendor.follow((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(hello, () => leaving.abort());
    });
    const { outcome, head } = await adapter.call({ signal: leaving.signal });
    expect(head).toBeUndefined();
    expect(outcome).toMatchObject({ ending: 'cancelled', contentStarted: false, deliveredOutput: 0 });
  });

  it('holds the vendor back when it does not read', async () => {
    const piece = delta('x'.repeat(60_000));
    let written = 0;
    vendor.follow((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = (): void => {
        while (written < 400) {
          written += 1;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end(stop + done);
      };
      more();
    });
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const answered = adapter.call({ onData: () => gate });
    let before = -1;
    while (before !== written || written === 0) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(written).toBeLessThan(300);
    release();
    expect((await answered).outcome.ending).toBe('complete');
  });
});

describe('an answer that is not streamed', () => {
  const answer =
    '{ "choices": [{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hi"}}],\n "usage":{"prompt_tokens":3,"completion_tokens":1} }';
  const plain = { input: { stream: false }, body: '{"model":"up-1"}' };

  it('is passed byte for byte', async () => {
    vendor.follow(answering(200, answer, { 'x-request-id': 'req_v' }));
    const { outcome, text, head } = await adapter.call(plain);
    expect(text).toBe(answer);
    expect(head).toMatchObject({ contentType: 'application/json', headers: { 'x-upstream-request-id': 'req_v' } });
    expect(outcome).toMatchObject({ ending: 'complete', usage: { input: 3, output: 1 }, contentStarted: true });
  });

  it.each([
    [
      'an error with status 200',
      answering(200, { error: { message: 'no', code: 'insufficient_quota' } }),
      'upstream-quota',
    ],
    ['half a body', answering(200, answer.slice(0, 40)), 'upstream-garbled'],
    ['a page', answering(200, '<html>', { 'content-type': 'text/html' }), 'upstream-garbled'],
  ])('fails: %s', async (_name, script, kind) => {
    vendor.follow(script);
    const { outcome, head } = await adapter.call(plain);
    expect(head).toBeUndefined();
    expect(outcome).toMatchObject({ ending: 'failed', failure: { kind } });
  });
});

describe('the circuit of a target', () => {
  it('opens under failures, lets one call probe it, and closes when that serves', async () => {
    vendor.follow(answering(500, {}));
    for (let call = 0; call < 20; call += 1) await adapter.call({ input: { attemptsLeft: 1 } });
    const calls = vendor.seen.length;
    const refused = await adapter.call();
    expect(refused.outcome).toMatchObject({ ending: 'failed', failure: { kind: 'unavailable' }, attempts: [] });
    expect(vendor.seen).toHaveLength(calls);
    expect(adapter.changes.map(({ circuit }) => circuit.state)).toEqual(['open']);

    adapter.passTime(5_001);
    vendor.follow(streaming([whole]));
    expect((await adapter.call()).outcome.ending).toBe('complete');
    expect(adapter.changes.map(({ circuit }) => circuit.state)).toEqual(['open', 'half-open', 'closed']);
  });

  it('is kept per model', async () => {
    vendor.follow(answering(500, {}));
    for (let call = 0; call < 20; call += 1) await adapter.call({ input: { attemptsLeft: 1 } });
    vendor.follow(streaming([whole]));
    expect((await adapter.call({ input: { target: chatTarget('up-2') } })).outcome.ending).toBe('complete');
  });

  it('does not mind rate limits', async () => {
    vendor.follow(answering(429, {}));
    for (let call = 0; call < 25; call += 1) await adapter.call();
    expect(adapter.changes).toEqual([]);
  });
});
