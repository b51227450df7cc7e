import fc from 'fast-check';

import { createAdapter, ENDLESS, type Adapter } from './testing/call-adapter.js';
import { event, delta, hello, words, stop, done, whole } from './testing/chat-stream.js';
import {
  answering,
  startScriptedVendor,
  streaming,
  type Script,
  type ScriptedVendor,
} from './testing/scripted-vendor.js';

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

  it('is over soon after it has said its end, whatever the connection does', async () => {
    await adapter.stop();
    adapter = createAdapter(vendor.address, { timeouts: { ...ENDLESS, afterEndMs: 50 } });
    vendor.follow(streaming([whole], 'hang'));
    const { outcome, text } = await adapter.call();
    expect(text).toBe(whole);
    expect(outcome).toMatchObject({ ending: 'complete', usage: { input: 9, output: 4 } });
    // No other limit ends within the time of a test.
    await vendor.closed();
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

describe('a caller that leaves', () => {
  it('closes the vendor’s connection before it would end and is told what it was given', async () => {
    vendor.follow(streaming([hello, words], 'hang'));
    const leaving = new AbortController();
    const { outcome } = await adapter.call({
      signal: leaving.signal,
      onData: () => void setImmediate(() => leaving.abort()),
    });
    expect(outcome).toMatchObject({ ending: 'cancelled', contentStarted: true, deliveredOutput: 6 });
    await vendor.closed();
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
    const flooding =
      (written: { pieces: number }): Script =>
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const more = (): void => {
          while (written.pieces < 400) {
            written.pieces += 1;
            if (!response.write(piece)) return void response.once('drain', more);
          }
          response.end(stop + done);
        };
        more();
      };
    const [held, other] = [{ pieces: 0 }, { pieces: 0 }];
    vendor.follow(flooding(held), flooding(other));
    let begun = (): void => undefined;
    const reading = new Promise<void>((resolve) => (begun = resolve));
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const answered = adapter.call({
      onData: () => {
        begun();
        return gate;
      },
    });
    await reading;
    // An answer as long, asked for later, overtakes it: whatever could still come to the held one has had its time.
    expect((await adapter.call()).outcome.ending).toBe('complete');
    expect(other.pieces).toBe(400);
    expect(held.pieces).toBeLessThan(300);
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
