import { balanceAtRest, nano, newCustomer, type Customer } from './accounts.js';
import { callGateway, eventually, postJson } from './platform.js';
import { ask, type Question, type Reading } from './readings.js';
import { clearFaults } from './simulator.js';
import { countTo, messagesWire, wires, type Wire } from './wires.js';

interface Receipt {
  readonly request_id: string;
  readonly outcome: string;
  readonly rule: string;
  readonly explanation: string;
  readonly flags: readonly string[];
  readonly lines: readonly { class: string; units: number; price_usd_per_million: string; amount_usd: string }[];
  readonly rounding_usd: string;
  readonly overrun_usd: string;
  readonly total_usd: string;
  readonly price_version: string | null;
  readonly attempts: readonly {
    status: number | null;
    kind: string | null;
    charged: boolean;
    first_token_ms: number | null;
  }[];
  readonly hold: { amount_usd: string; basis: string; grant: string | null } | null;
  readonly entries: readonly { kind: string; account: string; amount_usd: string; reference: string }[];
  readonly timing: Readonly<Record<string, number | null>>;
  readonly cache_saving_usd: string;
}

interface Rollup {
  readonly buckets: readonly { readonly bucket: string; readonly model?: string; readonly total_usd: string }[];
  readonly totals: { readonly total_usd: string; readonly call_count: number; readonly input_tokens: number };
}

const WALLET_USD = '20.00';

let customer: Customer;
const asked: string[] = [];

beforeAll(async () => {
  customer = await newCustomer(WALLET_USD);
});
afterEach(clearFaults);

/** A decimal of USD in pico-USD, in which lines are exact. */
const pico = (usd: string): bigint => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)\.(\d+)$/.exec(usd) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(12, '0')}`);
};
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

const read = async <Answer>(path: string): Promise<Answer | undefined> => {
  const response = await callGateway(path, { key: customer.key });
  return response.ok ? ((await response.json()) as Answer) : undefined;
};

/** The receipt of a request that has been settled. */
const receiptOf = (requestId: string): Promise<Receipt> =>
  eventually(async () => {
    const receipt = await read<Receipt>(`/v1/receipts/${requestId}`);
    return receipt && receipt.outcome !== 'running' ? receipt : undefined;
  });

async function askFor(question: Omit<Question, 'key'>): Promise<{ reading: Reading; receipt: Receipt }> {
  const reading = await ask({ ...question, key: customer.key });
  asked.push(reading.requestId ?? '');
  return { reading, receipt: await receiptOf(reading.requestId ?? '') };
}

/** What has to add up on every receipt, free or not. */
function expectToAddUp({ lines, rounding_usd, overrun_usd, total_usd, entries, cache_saving_usd }: Receipt): void {
  for (const { units, price_usd_per_million, amount_usd } of lines)
    expect(pico(amount_usd) * 1_000_000n).toBe(BigInt(units) * pico(price_usd_per_million));
  const exact = sum(lines.map(({ amount_usd }) => pico(amount_usd)));
  expect(exact + pico(rounding_usd) - pico(overrun_usd)).toBe(pico(total_usd));
  const ofWallet = entries.filter(({ account }) => account === customer.accountId);
  expect(-sum(ofWallet.map(({ amount_usd }) => pico(amount_usd)))).toBe(pico(total_usd));
  expect(sum(entries.map(({ amount_usd }) => pico(amount_usd)))).toBe(0n);
  expect(pico(cache_saving_usd)).toBe(0n);
}

const counting = (wire: Wire, last: number, fault = ''): Omit<Question, 'key'> => ({
  wire,
  prompt: `${fault}count to ${last}`,
  expected: countTo(last),
});

describe('a receipt', () => {
  it.each(wires.map((wire) => ({ name: wire.name, wire })))('adds up: $name', async ({ wire }) => {
    const { reading, receipt } = await askFor(counting(wire, 20));
    expect(reading.verdict).toBe('whole');
    expect(receipt).toMatchObject({ outcome: 'complete', rule: 'complete', flags: [], attempts: [{ charged: true }] });
    expect(receipt.lines.map((line) => line.class)).toEqual(expect.arrayContaining(['input', 'output']));
    expect(receipt.hold?.basis).toMatch(/^input=\d+ output=\d+ price=/);
    expect(receipt.price_version).not.toBeNull();
    expect(receipt.timing['total_ms']).toBeGreaterThanOrEqual(receipt.attempts[0]?.first_token_ms ?? 0);
    expectToAddUp(receipt);
  });

  it('lists the attempt that failed, free, before the one that was paid for', async () => {
    // A fault that comes once is told apart from others by what is said beside it.
    const fault = `[[fault: status=500 times=1]]\n[[once ${Math.random()}]]\n`;
    const { reading, receipt } = await askFor(counting(messagesWire('claude-haiku-4-5', false), 21, fault));
    expect(reading.verdict).toBe('whole');
    expect(receipt.attempts).toMatchObject([
      { status: 500, kind: 'upstream-transient', charged: false },
      { status: 200, kind: null, charged: true },
    ]);
    expectToAddUp(receipt);
  });

  it('says why a broken answer was free', async () => {
    const { receipt } = await askFor(counting(messagesWire('claude-opus-4-6', true), 60, '[[fault: cut=6]]\n'));
    expect(receipt).toMatchObject({ outcome: 'truncated', total_usd: '0.00', lines: [], price_version: null });
    expect(receipt.explanation).toContain('You pay nothing');
    expect(receipt.attempts.length).toBeGreaterThan(0);
    expect(receipt.attempts.filter(({ charged }) => charged)).toEqual([]);
    expectToAddUp(receipt);
  });

  it('marks what an abort cost as estimated', async () => {
    const wire = messagesWire('claude-sonnet-4-5', true);
    const { reading, receipt } = await askFor({ ...counting(wire, 60, '[[fault: drip=20]]\n'), leaveAfter: 3 });
    expect(reading.verdict).toBe('left');
    expect(receipt).toMatchObject({ outcome: 'cancelled', rule: 'cancelled-after-content', flags: ['estimated'] });
    expect(pico(receipt.total_usd)).toBeGreaterThan(0n);
    expectToAddUp(receipt);
  });

  it('of a count says that counting is free', async () => {
    const body = { model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'Count me.' }] };
    const response = await postJson('/v1/messages/count_tokens', body, { authorization: `Bearer ${customer.key}` });
    expect(response.status).toBe(200);
    const receipt = await receiptOf(response.headers.get('request-id') ?? '');
    expect(receipt).toMatchObject({ outcome: 'complete', rule: 'free', total_usd: '0.00', hold: null, entries: [] });
  });

  it('shows the request that runs, and the worst that it can cost', async () => {
    const wire = messagesWire('claude-sonnet-4-5', true);
    const response = await callGateway(wire.path, {
      method: 'POST',
      key: customer.key,
      body: JSON.stringify(wire.body('[[fault: drip=20]]\ncount to 40')),
    });
    const requestId = response.headers.get('request-id') ?? '';
    asked.push(requestId);
    const running = await read<Receipt>(`/v1/receipts/${requestId}`);
    expect(running).toMatchObject({ outcome: 'running', rule: 'running', total_usd: '0.00', lines: [], attempts: [] });
    expect(pico(running?.hold?.amount_usd ?? '0.00')).toBeGreaterThan(0n);
    await response.text();
    expect((await receiptOf(requestId)).outcome).toBe('complete');
  });

  it('of a busy key names the grant that its money was set aside by', async () => {
    const wire = messagesWire('claude-haiku-4-5', false);
    const receipts: Receipt[] = [];
    await eventually(async () => {
      const rounds = await Promise.all(Array.from({ length: 8 }, () => askFor(counting(wire, 20))));
      receipts.push(...rounds.map(({ receipt }) => receipt));
      return receipts.some(({ hold }) => hold?.grant) ? true : undefined;
    }, 30_000);
    const carved = receipts.find(({ hold }) => hold?.grant);
    const { grant = '' } = carved?.hold ?? {};
    expect(carved?.entries.map(({ reference, kind }) => `${reference} ${kind}`)).toContain(`${grant} hold`);
    expect(new Set(carved?.entries.map(({ kind }) => kind))).toEqual(new Set(['hold', 'settle']));
    expect((await callGateway(`/v1/receipts/${grant}`, { key: customer.key })).status).toBe(404);
  });

  it('of a repeat under an idempotency key is that of the original', async () => {
    const repeat = () =>
      postJson('/v1/messages', messagesWire('claude-haiku-4-5', false).body('count to 22'), {
        authorization: `Bearer ${customer.key}`,
        'idempotency-key': 'receipts-once',
      });
    const ids = [await repeat(), await repeat()].map(({ headers }) => headers.get('request-id') ?? '');
    expect(ids[1]).toBe(ids[0]);
    asked.push(ids[0] ?? '');
    expect(await receiptOf(ids[0] ?? '')).toMatchObject({ request_id: ids[0], outcome: 'complete' });
  });

  it('is shown to its own account alone', async () => {
    const stranger = await newCustomer('1.00');
    const [requestId = ''] = asked;
    for (const path of [`/v1/receipts/${requestId}`, `/api/v1/receipts/${requestId}`]) {
      expect((await callGateway(path, { key: stranger.key })).status).toBe(404);
      expect((await callGateway(path, { key: stranger.management })).status).toBe(404);
      expect((await callGateway(path, { key: customer.management })).status).toBe(200);
    }
  });
});

describe('all that was asked', () => {
  it('is the same sum in receipts, usage rows, roll-ups, the wallet and its account', async () => {
    const { available } = await balanceAtRest(customer.key);
    const spent = nano(WALLET_USD) - available;
    const receipts = await Promise.all(asked.map(receiptOf));
    expect(sum(receipts.map(({ total_usd }) => nano(total_usd)))).toBe(spent);

    const usage = await read<{ data: { request_id: string; credits_usd: string; api_key: string }[] }>(
      '/v1/usage?limit=200',
    );
    const rows = usage?.data ?? [];
    expect(sum(rows.map(({ credits_usd }) => nano(credits_usd)))).toBe(spent);
    const billed = receipts.filter(({ total_usd }) => total_usd !== '0.00');
    expect(new Set(rows.map(({ request_id }) => request_id))).toEqual(
      new Set(billed.map(({ request_id }) => request_id)),
    );

    const mask = encodeURIComponent(rows[0]?.api_key ?? '');
    const since = new Date(Date.now() - 86_400_000).toISOString();
    for (const query of [
      'group_by=day,model&tz=Asia/Kathmandu',
      'group_by=hour&tz=Australia/Lord_Howe',
      `group_by=api_key&api_key=${mask}`,
      `group_by=api_key&api_key_id=${mask}`,
      `group_by=model&since=${since}`,
    ]) {
      const rollup = await read<Rollup>(`/api/v1/me/usage?${query}`);
      expect(nano(rollup?.totals.total_usd ?? '')).toBe(spent);
      expect(sum((rollup?.buckets ?? []).map(({ total_usd }) => nano(total_usd)))).toBe(spent);
      expect(rollup?.totals.call_count).toBe(rows.length);
    }

    const account = await read<{
      balance: Readonly<Record<string, string>>;
      allowed_models: { id: string; quota_used_usd: string }[];
    }>('/api/v1/me/account');
    expect(nano(account?.balance['lifetime_spent_usd'] ?? '')).toBe(spent);
    expect(nano(account?.balance['available_usd'] ?? '')).toBe(available);
    expect(sum((account?.allowed_models ?? []).map(({ quota_used_usd }) => nano(quota_used_usd)))).toBe(spent);
    const movements = await read<{ items: { kind: string; amount_usd: string }[]; total: number }>(
      '/api/v1/me/billing/transactions',
    );
    expect(movements).toMatchObject({ items: [{ kind: 'admin_credit', amount_usd: WALLET_USD }], total: 1 });
  });
});
