import { chatTarget, createAdapter, type Adapter } from './testing/call-adapter.js';
import { hello, whole, words } from './testing/chat-stream.js';
import { answering, startScriptedVendor, streaming, type ScriptedVendor } from './testing/scripted-vendor.js';

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

  it.each([503, 529])('is not asked again before it wants to, whatever it could not do (%i)', async (status) => {
    vendor.follow(answering(status, { error: { message: 'busy' } }, { 'retry-after': '7' }), streaming([whole]));
    const { outcome } = await adapter.call();
    expect(outcome).toMatchObject({ ending: 'failed', failure: { retryAfterMs: 7_000 } });
    expect(vendor.seen).toHaveLength(1);
  });

  it('is asked again when there is no other, although it was refused', async () => {
    vendor.follow(answering(401, {}), streaming([whole]));
    expect((await adapter.call()).outcome.failure?.kind).toBe('upstream-credential');
    expect((await adapter.call()).outcome.ending).toBe('complete');
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

  it('lets everybody pass as soon as the stream that probes it has begun', async () => {
    vendor.follow(answering(500, {}));
    for (let call = 0; call < 20; call += 1) await adapter.call({ input: { attemptsLeft: 1 } });
    adapter.passTime(5_001);
    const leaving = new AbortController();
    vendor.follow(streaming([hello, words], 'hang'), streaming([whole]));
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const probing = adapter.call({ signal: leaving.signal, onData: () => begin() });
    await begun;
    expect((await adapter.call()).outcome.ending).toBe('complete');
    leaving.abort();
    await probing;
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
