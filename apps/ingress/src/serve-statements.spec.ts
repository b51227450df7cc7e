import type { UsageQuestion } from '@bytespike/contracts';

import { sums } from './testing/fake-statement.js';
import { runIngress, type IngressUnderTest } from './testing/run-ingress.js';
import { API_KEY, MANAGEMENT_KEY } from './testing/samples.js';

let ingress: IngressUnderTest;
let asked: UsageQuestion;
let listed: object;

beforeAll(async () => {
  ingress = await runIngress({
    statement: {
      reportUsage: async (question) => {
        asked = question;
        const told = { time: '2026-11-20', model: 'model-one', keyId: 'key-1', keyHint: 'sk-byts-...cdef' };
        const names = question.by.includes('day') ? ['time'] : [];
        const shown = [...names, ...(question.by.includes('model') ? ['model'] : [])];
        const ofKey = question.by.includes('api_key') ? ['keyId', 'keyHint'] : [];
        const bucket = Object.fromEntries([...shown, ...ofKey].map((name) => [name, told[name as keyof typeof told]]));
        return { buckets: [{ ...bucket, ...sums }], totals: sums };
      },
      listMovements: async (query) => {
        listed = query;
        return { items: [], total: 0 };
      },
    },
  });
});
afterAll(() => ingress.stop());

const KEY = { 'x-api-key': API_KEY };
const MANAGER = { authorization: `Bearer ${MANAGEMENT_KEY}` };
const ask = (path: string, headers: Record<string, string> = KEY) => ingress.send({ path, headers });

describe('receipts', () => {
  it.each(['/v1/receipts/request-1', '/api/v1/receipts/request-1'])('are shown at %s, every digit', async (path) => {
    expect((await ask(path, MANAGER)).json()).toEqual({
      request_id: 'request-1',
      ...{ outcome: 'complete', rule: 'complete', explanation: 'A whole answer.', flags: ['counted'] },
      ...{ model: 'model-one', protocol: 'openai-chat', api_key: 'sk-byts-...cdef' },
      settled_at: '2023-11-14T22:13:21.000Z',
      lines: [
        { class: 'input', units: 1_000, price_usd_per_million: '3.00', amount_usd: '0.003' },
        { class: 'cache_write_5m', units: 1, price_usd_per_million: '3.7501', amount_usd: '0.0000037501' },
        {
          ...{ class: 'seconds', units: 8, price_usd_per_unit: '0.40', price_usd_per_million: '400000.00' },
          amount_usd: '3.20',
        },
      ],
      ...{ rounding_usd: '-0.0000000001', overrun_usd: '0.00000375', total_usd: '0.003' },
      price_version: 'model-one@1',
      attempts: [
        {
          ...{ channel: 'channel-1', model: 'model-one', status: 503, kind: 'upstream-transient', charged: false },
          ...{ started_at: '2023-11-14T22:13:20.100Z', first_token_ms: null, duration_ms: 20 },
        },
        {
          ...{ channel: 'channel-2', model: 'model-one', status: 200, kind: null, charged: true },
          ...{ started_at: '2023-11-14T22:13:20.120Z', first_token_ms: 300, duration_ms: 800 },
        },
      ],
      hold: { amount_usd: '0.003', basis: 'input=1200 output=1 price=model-one@1', grant: null },
      entries: [
        {
          ...{ reference: 'request-1', kind: 'hold', account: 'account-1', balance: 'held' },
          ...{ amount_usd: '0.003', created_at: '2023-11-14T22:13:20.050Z' },
        },
      ],
      corrections: [
        { id: 'correction-1', amount_usd: '0.000001', note: 'ours', created_at: '2023-11-14T22:13:22.000Z' },
      ],
      timing: {
        ...{ before_vendor_ms: 100, failed_attempts_ms: 20, first_token_ms: 300, streaming_ms: 500, total_ms: 1_000 },
      },
      cache_saving_usd: '-0.0000007501',
    });
  });

  it('of requests that the account never made are not found, in the dialect of the address', async () => {
    const reply = await ask('/v1/receipts/request-2');
    expect([reply.status, reply.json()]).toMatchObject([404, { error: { type: 'invalid_request_error' } }]);
  });
});

describe('roll-ups', () => {
  it('cover thirty days by day in UTC when nothing is said', async () => {
    const reply = await ask('/api/v1/me/usage');
    expect(asked).toMatchObject({ accountId: 'account-1', by: ['day'], timeZone: 'UTC' });
    expect(asked.until - asked.since).toBe(30 * 86_400_000);
    const printed = {
      ...{ total_usd: '1.50', call_count: 2, input_tokens: 1, cache_read_tokens: 2, cache_write_tokens: 3 },
      ...{ output_tokens: 4, reasoning_tokens: 5, images: 6, seconds: 7 },
    };
    expect(reply.json()).toEqual({ buckets: [{ bucket: '2026-11-20', ...printed }], totals: printed });
  });

  it('are asked for with every parameter', async () => {
    const query =
      'since=1700000000&until=2023-11-20T00:00:00Z&group_by=hour,api_key&model=m&api_key=k&tz=Asia/Kathmandu';
    await ask(`/api/v1/me/usage?${query}`);
    expect(asked).toEqual({
      ...{ accountId: 'account-1', since: 1_700_000_000_000, until: 1_700_438_400_000 },
      ...{ by: ['hour', 'api_key'], model: 'm', key: 'k', timeZone: 'Asia/Kathmandu' },
    });
  });

  it('of a model are asked for by any of its names', async () => {
    await ask('/api/v1/me/usage?model=model-alias');
    expect(asked).toMatchObject({ model: 'claude-test-4-5' });
  });

  it('of a key are asked for by the name that the rows have for it, beside a limit that means nothing to sums', async () => {
    await ask('/api/v1/me/usage?api_key_id=key-1&limit=20');
    expect(asked).toMatchObject({ key: 'key-1' });
  });

  it.each([
    { by: 'model', bucket: { bucket: 'model-one', model: 'model-one' } },
    { by: 'api_key', bucket: { bucket: 'sk-byts-...cdef', api_key: 'sk-byts-...cdef', api_key_id: 'key-1' } },
    { by: 'day,model', bucket: { bucket: '2026-11-20', model: 'model-one' } },
  ])('by $by name their buckets', async ({ by, bucket }) => {
    expect((await ask(`/api/v1/me/usage?group_by=${by}`)).json()).toMatchObject({ buckets: [bucket] });
  });

  it.each(['group_by=week', 'group_by=day,,model', 'since=yesterday', 'since=2026', 'cursor=c'])(
    'are refused with %s',
    async (query) => {
      const reply = await ask(`/api/v1/me/usage?${query}`);
      expect([reply.status, reply.json()]).toMatchObject([400, { error: { type: 'invalid_request_error' } }]);
    },
  );
});

describe('the account', () => {
  it.each([KEY, MANAGER])('is shown whole', async (headers) => {
    const reply = await ask('/api/v1/me/account', headers);
    expect(reply.json()).toEqual({
      user: {
        ...{ id: 'account-1', username: 'Ada', email: null, tier: 'individual' },
        created_at: '2023-11-14T22:13:20.000Z',
      },
      balance: {
        ...{ available_usd: '42.18', lifetime_topup_usd: '103.00', lifetime_spent_usd: '60.70' },
        ...{ low_balance_threshold_usd: '5.00', low_balance_flagged: false },
      },
      allowed_models: [
        { id: 'claude-test-4-5', quota_used_usd: '0.00', quota_cap_usd: '5.00' },
        { id: 'model-one', quota_used_usd: '60.70', quota_cap_usd: null },
      ],
      org: null,
    });
  });

  it('lists what moved its wallet, bonus apart', async () => {
    const plain = await runIngress();
    const reply = await plain.send({ path: '/api/v1/me/billing/transactions', headers: KEY });
    await plain.stop();
    expect(reply.json()).toEqual({
      items: [
        {
          ...{ id: 'topup-1', created_at: '2023-11-14T22:13:20.000Z', kind: 'topup', amount_usd: '103.00' },
          line_items: [
            { type: 'principal', amount_usd: '100.00' },
            { type: 'bonus', amount_usd: '3.00' },
          ],
          balance_after_usd: '110.00',
          source: { provider: 'stripe', receipt_id: 'pi_1', method: 'card' },
          note: 'top-up',
        },
      ],
      ...{ total: 1, page: 1, page_size: 50 },
    });
  });

  it('pages and filters movements', async () => {
    const query = 'page=3&page_size=7&kind=refund&since=1700000000&until=1700000001';
    const reply = await ask(`/api/v1/me/billing/transactions?${query}`);
    expect(listed).toEqual({
      ...{ accountId: 'account-1', page: 3, pageSize: 7, kind: 'refund' },
      ...{ since: 1_700_000_000_000, until: 1_700_000_001_000 },
    });
    expect(reply.json()).toEqual({ items: [], total: 0, page: 3, page_size: 7 });
  });

  it.each(['kind=spend', 'page=0', 'page_size=201', 'type=topup', 'kind=topup&kind=refund'])(
    'refuses movements with %s',
    async (query) => {
      expect((await ask(`/api/v1/me/billing/transactions?${query}`)).status).toBe(400);
    },
  );
});
