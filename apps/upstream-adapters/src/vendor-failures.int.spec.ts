import { LIMITS } from '@bytespike/kernel';

import { chatTarget, createAdapter, ENDLESS, type Adapter } from './testing/call-adapter.js';
import { event, hello, words, stop, whole } from './testing/chat-stream.js';
import { answering, startScriptedVendor, streaming, type ScriptedVendor } from './testing/scripted-vendor.js';

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

  it('does not wait for the end of an explanation that does not come', async () => {
    vendor.follow((response) => void response.writeHead(403).write('{"error":'));
    const { outcome } = await adapter.call();
    expect(outcome.failure?.kind).toBe('upstream-credential');
    // No other limit ends within the time of a test, so it was the patience with refusals that closed it.
    await vendor.closed();
  });

  it('keeps the silence of a vendor bounded', async () => {
    await using({ timeouts: { ...ENDLESS, firstContentMs: 120 } });
    vendor.follow(streaming([hello], 'hang'));
    const { outcome } = await adapter.call();
    expect(outcome.failure?.kind).toBe('upstream-timeout');
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

  it.each([
    ['a page', '<html>no</html>'],
    ['nothing', ''],
    ['more than is kept', JSON.stringify({ error: { message: 'x'.repeat(LIMITS.vendorErrorBytesMax) } })],
  ])('is not kept where nobody can read it: %s', async (_name, body) => {
    vendor.follow(answering(400, body));
    const { outcome } = await adapter.call();
    expect(outcome.failure).toEqual({ kind: 'upstream-refused', message: 'the vendor answered 400' });
  });

  it('does not repeat the credential', async () => {
    vendor.follow(answering(400, { error: { message: 'sk-one may not, grüße' } }));
    const { message, verbatim } = (await adapter.call()).outcome.failure ?? {};
    expect(message).toBe('[credential] may not, grüße');
    expect(Buffer.from(verbatim?.bodyBase64 ?? '', 'base64').toString()).toBe(
      '{"error":{"message":"[credential] may not, grüße"}}',
    );
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
  it('does not repeat the credential', async () => {
    vendor.follow(streaming([hello, words, event({ error: { message: 'sk-one broke', code: 'server_error' } })]));
    expect((await adapter.call()).outcome.failure?.message).toBe('[credential] broke');
  });

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
    await using({ timeouts: { ...ENDLESS, stallMs: 120 } });
    // In one piece: a pause before the words would be a stall too.
    vendor.follow(streaming([hello + words], 'hang'));
    expect((await adapter.call()).outcome).toMatchObject({
      ending: 'truncated',
      failure: { kind: 'upstream-timeout' },
    });
  });
});
