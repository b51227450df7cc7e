import {
  balanceAtRest,
  createKey,
  GROUPS,
  nano,
  newCustomer,
  setCaps,
  type AccountCap,
  type Customer,
} from './accounts.js';
import { answerOf, untilAnswered, untilTold, type Answer } from './answers.js';
import { usageOf, verifyLedger } from './ledger.js';
import { callGateway } from './platform.js';
import { chatWire, geminiWire, messagesWire, responsesWire } from './wires.js';

/** One wire of each dialect, streaming and whole, raw and translated among them. */
const wires = [
  messagesWire('claude-haiku-4-5', true),
  chatWire('gpt-5-4', false),
  chatWire('claude-sonnet-4-6', true),
  responsesWire('gpt-5-4', true),
  geminiWire('gemini-2-5-flash', true),
];
const chat = chatWire('gpt-5-4', false);
const FAILING = '[[fault: status=503]]\ncount to 3';

/** What an answer tells of limits, and nothing else; what counts down is left out. */
const told = ({ headers }: Answer): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => /ratelimit|credits$/.test(name) && name !== 'x-estimated-credits')
      .map(([name, value]) => [name, value.replaceAll(/;t=\d+/g, '')]),
  );

const cents = (amount: bigint): string => {
  const all = amount / 10_000_000n;
  return `${all / 100n}.${String(all % 100n).padStart(2, '0')}`;
};

const spentBy = async ({ accountId }: Customer): Promise<bigint> =>
  (await usageOf(accountId)).reduce((sum, { cost }) => sum + cost, 0n);

describe('what answers tell of limits', () => {
  it('is nothing where there are none', async () => {
    const { key } = await newCustomer('1.00');
    expect(told(await answerOf(chat, key))).toEqual({});
  });

  it.each(wires)('is what is left after settled spend, and a failure moves nothing of it: $name', async (wire) => {
    const customer = await newCustomer('30.00', GROUPS.default, { kind: 'organisation' });
    const caps = { quota: '20.00', rate_limit_5h: '10.00', rate_limit_7d: '10.50' };
    const key = await createKey(customer.management, GROUPS.default, caps);
    const first = await answerOf(wire, key);
    expect(first.status).toBe(200);
    expect(told(first)).toMatchObject({ 'x-ratelimit-remaining': '10.00', 'x-quota-remaining-credits': '20.00' });

    await balanceAtRest(key);
    const spent = await spentBy(customer);
    expect(spent).toBeGreaterThan(0n);
    const left = (cap: string): bigint => nano(cap) - spent;
    const expected = {
      'x-ratelimit-limit': '10.00',
      'x-ratelimit-remaining': cents(left('10.00')),
      'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
      'x-quota-remaining-credits': cents(left('20.00')),
      'x-org-quota-remaining-credits': cents(left('30.00')),
      'ratelimit-policy': '"5h";q=10000000;qu="micro-usd";w=18000, "7d";q=10500000;qu="micro-usd";w=604800',
      ratelimit: `"5h";r=${left('10.00') / 1_000n}, "7d";r=${left('10.50') / 1_000n}`,
    };
    const failed = await answerOf(wire, key, FAILING);
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(told(failed)).toEqual(expected);
    await balanceAtRest(key);
    const freely: readonly [path: string, init: Parameters<typeof untilTold>[1], status: number][] = [
      ['/v1/messages', { method: 'POST', body: '{"model":"no-such-model"}' }, 404],
      ['/v1/models', {}, 200],
      ['/v1/nowhere', {}, 404],
      ['/v1/messages', { method: 'DELETE' }, 405],
    ];
    for (const [path, init, status] of freely) {
      const answer = await untilTold(path, { ...init, key });
      expect([answer.status, told(answer)]).toEqual([status, expected]);
    }
    const next = await answerOf(wire, key);
    expect([next.status, told(next)]).toEqual([200, expected]);
  });
});

/** Too little for any request, and not nothing. */
const LITTLE = '0.000001';

interface Limited {
  readonly name: string;
  readonly caps: Parameters<typeof createKey>[2];
  readonly accountCaps: readonly AccountCap[];
  readonly kind: 'quota' | 'window';
  readonly says: string;
}

const cap = (subject: string, span: AccountCap['span']): AccountCap => ({ subject, span, amount_usd: LITTLE });
const LIMITS: readonly Limited[] = [
  { name: 'the quota of a key', caps: { quota: LITTLE }, accountCaps: [], kind: 'quota', says: 'of this key' },
  { name: 'five hours of a key', caps: { rate_limit_5h: LITTLE }, accountCaps: [], kind: 'window', says: '5 hours' },
  { name: 'a day of a key', caps: { rate_limit_1d: LITTLE }, accountCaps: [], kind: 'window', says: 'a day' },
  { name: 'seven days of a key', caps: { rate_limit_7d: LITTLE }, accountCaps: [], kind: 'window', says: '7 days' },
  {
    name: 'a member',
    caps: { member_id: 'ada' },
    accountCaps: [cap('member:ada', '1d')],
    kind: 'quota',
    says: 'of this member',
  },
  { name: 'a model', caps: {}, accountCaps: [cap('model:gpt-5-4', '7d')], kind: 'quota', says: 'of this model' },
  {
    name: 'an organisation',
    caps: {},
    accountCaps: [cap('account', 'life')],
    kind: 'quota',
    says: 'of this organisation',
  },
];

const REFUSALS = {
  quota: {
    status: 402,
    messages: { type: 'error', error: { type: 'billing_error' } },
    openAi: { error: { type: 'insufficient_quota', code: 'quota_exceeded' } },
    gemini: { error: { code: 402, status: 'RESOURCE_EXHAUSTED' } },
  },
  window: {
    status: 429,
    messages: { type: 'error', error: { type: 'rate_limit_error' } },
    openAi: { error: { type: 'rate_limit_error', code: 'spend_limit_exceeded' } },
    gemini: { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } },
  },
} as const;

describe('a request beyond a limit', () => {
  const asking = [
    { wire: messagesWire('gpt-5-4', true), dialect: 'messages' },
    { wire: chat, dialect: 'openAi' },
    { wire: responsesWire('gpt-5-4', false), dialect: 'openAi' },
    { wire: geminiWire('gpt-5-4', true), dialect: 'gemini' },
  ] as const;

  it.each(LIMITS)('is refused in every dialect, and told of $name', async ({ caps, accountCaps, kind, says }) => {
    const customer = await newCustomer('5.00', GROUPS.extended, { kind: 'organisation' });
    await setCaps(customer.accountId, accountCaps);
    const key = await createKey(customer.management, GROUPS.extended, caps ?? {});
    for (const { wire, dialect } of asking) {
      const answer = await answerOf(wire, key);
      expect([answer.status, JSON.parse(answer.body)]).toMatchObject([REFUSALS[kind].status, REFUSALS[kind][dialect]]);
      expect(answer.body).toContain(says);
      // Nothing frees enough within a minute, and no wait cures a spent budget.
      expect(answer.headers).toMatchObject({ 'x-should-retry': 'false' });
      expect(answer.headers).not.toHaveProperty('retry-after');
      expect(answer.body).not.toContain('RetryInfo');
      expect(told(answer)['x-org-quota-remaining-credits']).toBe('5.00');
      if (kind === 'window')
        expect(told(answer)).toMatchObject({ 'x-ratelimit-limit': '0.01', 'x-ratelimit-remaining': '0.01' });
    }
    expect(await spentBy(customer)).toBe(0n);
  });

  it('is one for the member who is capped, and for no other key of the organisation', async () => {
    const { accountId, management } = await newCustomer('5.00', GROUPS.default, { kind: 'organisation' });
    await setCaps(accountId, [cap('member:ada', 'life')]);
    const [ada, grace] = [
      await createKey(management, GROUPS.default, { member_id: 'ada' }),
      await createKey(management, GROUPS.default, { member_id: 'grace' }),
    ];
    expect((await answerOf(chat, ada)).status).toBe(402);
    expect((await answerOf(chat, grace)).status).toBe(200);
  });

  it('is one for the model that is capped, and for no other', async () => {
    const { accountId, key } = await newCustomer('5.00');
    await setCaps(accountId, [cap('model:gpt-5-4', '1d')]);
    expect((await untilAnswered(chat, key, 402)).body).toContain('of this model');
    expect((await answerOf(chatWire('gpt-5-4-mini', false), key)).status).toBe(200);
  });

  it('meets a cap that was lowered, and is free of one that was raised or taken away, at once', async () => {
    const { accountId, key } = await newCustomer('5.00', GROUPS.default, { kind: 'organisation' });
    expect((await answerOf(chat, key)).status).toBe(200);
    for (const amount_usd of ['4.00', '0']) {
      await setCaps(accountId, [cap('account', '1d')]);
      await untilAnswered(chat, key, 402);
      await setCaps(accountId, [{ ...cap('account', '1d'), amount_usd }]);
      await untilAnswered(chat, key, 200);
    }
  });

  it('meets what its key was changed to, at once', async () => {
    const { management } = await newCustomer('5.00');
    const key = await createKey(management, GROUPS.default, { rate_limit_1d: LITTLE });
    const { data } = (await (await callGateway('/api/v1/keys', { key: management })).json()) as {
      data: readonly { id: string; rate_limit_1d: string }[];
    };
    const id = data.find(({ rate_limit_1d }) => rate_limit_1d === LITTLE)?.id;
    const change = (rate_limit_1d: string) =>
      callGateway(`/api/v1/keys/${id}`, { method: 'PATCH', key: management, body: JSON.stringify({ rate_limit_1d }) });
    expect((await answerOf(chat, key)).status).toBe(429);
    expect((await change('3.00')).status).toBe(200);
    await untilAnswered(chat, key, 200);
    expect((await change(LITTLE)).status).toBe(200);
    await untilAnswered(chat, key, 429);
  });
});

it('leaves a ledger that verifies', async () => {
  expect(await verifyLedger()).toMatchObject({ code: 0 });
});
