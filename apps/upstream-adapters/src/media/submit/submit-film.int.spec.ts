import { answering, startScriptedVendor, type ScriptedVendor } from '../../testing/scripted-vendor.js';
import { askedFilm, createMediaAdapter, mediaTarget, type MediaAdapter } from '../testing/media-adapter.js';

const two = [
  { id: 'cr-1', weight: 1, secret: 'sim-one' },
  { id: 'cr-2', weight: 1, secret: 'sim-two' },
];
const queued = answering(200, { id: 'video_1', object: 'video', status: 'queued', progress: 0, seconds: '8' });
const refusal = (status: number, code: string) => answering(status, { error: { message: `it is ${code}`, code } });

describe('a film that is asked for', () => {
  let vendor: ScriptedVendor;
  let adapter: MediaAdapter;
  beforeEach(async () => {
    vendor = await startScriptedVendor();
    adapter = createMediaAdapter(vendor.address, mediaTarget(), { credentials: two });
  });
  afterEach(async () => {
    await adapter.stop();
    await vendor.stop();
  });

  it('is accepted under an id, with the credential that everything else is asked with', async () => {
    vendor.follow(queued);
    const before = Date.now();
    const { outcome, unsent } = await adapter.submit(askedFilm({ seed: 7 }));
    expect(outcome).toEqual({
      submitted: {
        type: 'accepted',
        upstreamId: 'video_1',
        report: { state: 'queued', word: 'queued', progress: { percent: 0 } },
      },
      credentialId: 'cr-1',
      sentAt: expect.any(Number),
      arrivedBy: expect.any(Number),
      attempts: [expect.objectContaining({ channelId: 'ch-1', credentialId: 'cr-1', status: 200 })],
    });
    expect(outcome.sentAt).toBeGreaterThanOrEqual(before);
    expect(outcome.arrivedBy).toBeGreaterThanOrEqual(outcome.sentAt!);
    expect(unsent).toEqual(['seed']);
    expect(vendor.seen).toEqual([expect.objectContaining({ method: 'POST', url: '/v1/videos' })]);
    expect(vendor.seen[0]?.headers.authorization).toBe('Bearer sim-one');
    expect(JSON.parse(vendor.seen[0]!.body)).toMatchObject({ model: 'sora-2', prompt: 'a paper boat', seconds: '8' });
  });

  it.each([
    { name: 'a key that is refused', script: refusal(401, 'invalid_api_key'), kind: 'upstream-credential' },
    { name: 'an empty account', script: refusal(429, 'insufficient_quota'), kind: 'upstream-quota' },
    { name: 'a rate limit', script: refusal(429, 'rate_limit_exceeded'), kind: 'upstream-rate-limited' },
  ])('goes to the next credential after $name', async ({ script, kind }) => {
    vendor.follow(script, queued);
    const { outcome } = await adapter.submit(askedFilm());
    expect(outcome).toMatchObject({ submitted: { type: 'accepted' }, credentialId: 'cr-2' });
    expect(outcome.attempts.map((attempt) => [attempt.credentialId, attempt.kind])).toEqual([
      ['cr-1', kind],
      ['cr-2', undefined],
    ]);
  });

  it.each([
    { name: 'rules', script: refusal(400, 'moderation_blocked'), kind: 'upstream-blocked' },
    { name: 'a wrong parameter', script: refusal(400, 'invalid_value'), kind: 'upstream-refused' },
  ])('is refused once where $name refuse it', async ({ script, kind }) => {
    vendor.follow(script);
    const { outcome } = await adapter.submit(askedFilm());
    expect(outcome).toMatchObject({ submitted: { type: 'refused', failure: { kind } }, attempts: [{ kind }] });
    expect(outcome.credentialId).toBeUndefined();
    expect(vendor.seen).toHaveLength(1);
  });

  it.each([
    { name: 'fails', script: refusal(503, 'overloaded'), kind: 'upstream-transient' },
    {
      name: 'hangs up',
      script: (response: { destroy(): void }) => void response.destroy(),
      kind: 'upstream-transient',
    },
    { name: 'says nothing we know', script: answering(200, '<html>'), kind: 'upstream-garbled' },
  ])('is sent once and is unclear where the vendor $name', async ({ script, kind }) => {
    vendor.follow(script, queued);
    const { outcome } = await adapter.submit(askedFilm());
    expect(outcome).toMatchObject({ submitted: { type: 'unclear', failure: { kind } }, credentialId: 'cr-1' });
    expect(outcome.arrivedBy).toBeGreaterThanOrEqual(outcome.sentAt!);
    expect(vendor.seen).toHaveLength(1);
  });

  it('is unclear where nobody waits any longer for a silent vendor', async () => {
    vendor.follow(() => undefined);
    const { outcome } = await adapter.submit(askedFilm(), { patienceMs: 100 });
    expect(outcome.submitted).toMatchObject({ type: 'unclear', failure: { kind: 'upstream-timeout' } });
    await vendor.closed();
  });

  it('is unclear where its caller leaves, and the connection is closed', async () => {
    const leaving = new AbortController();
    vendor.follow(() => leaving.abort());
    const { outcome } = await adapter.submit(askedFilm(), { signal: leaving.signal });
    expect(outcome.submitted).toMatchObject({ type: 'unclear', failure: { kind: 'cancelled' } });
    await vendor.closed();
  });

  it('was never sent to a vendor that cannot be reached, and is tried there once more', async () => {
    await vendor.stop();
    const { outcome } = await adapter.submit(askedFilm());
    expect(outcome.submitted).toMatchObject({ type: 'refused', failure: { kind: 'upstream-transient' } });
    expect(outcome.attempts).toHaveLength(2);
    vendor = await startScriptedVendor();
  });

  it('is not sent at all while the circuit is open', async () => {
    vendor.follow(refusal(503, 'overloaded'));
    for (let asked = 0; asked < 20; asked += 1) await adapter.submit(askedFilm());
    const { outcome } = await adapter.submit(askedFilm());
    expect(outcome).toEqual({
      submitted: {
        type: 'refused',
        failure: { kind: 'unavailable', message: 'the circuit is open', retryAfterMs: expect.any(Number) },
      },
      attempts: [],
    });
    expect(vendor.seen).toHaveLength(20);
  });
});
