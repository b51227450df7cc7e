import type { Cap, Span } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { admitHold, type AdmissionPorts } from './admit-hold.js';
import { voided } from '../domain/settlement.js';
import type { HoldRequest } from '../domain/size-hold.js';
import { grantsOver } from '../testing/grants-over.js';
import { PriceBook } from '../prices/price-book.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';

/** 1 USD per million input, 10 per million output: 1,000 and 10,000 nano per token. */
const catalogue = {
  prices: [
    price('model@1', { input: '1', output: '10' }),
    price('dear@1', { input: '2', output: '20' }),
    price('searching@1', { input: '1', output: '10', searchCalls: '10000' }),
  ],
};

function price(id: string, usdPerMillion: Readonly<Record<string, string>>) {
  return { id, model: id.split('@')[0], effectiveFrom: '2026-01-01', usdPerMillion, status: 'listed' };
}

const request: HoldRequest = {
  requestId: 'request',
  accountId: 'acc',
  keyId: 'key',
  operation: 'generate',
  model: 'claude-sonnet-4-6',
  caps: [],
  reporter: 'reporter-1',
  priceVersions: ['model@1'],
  inputTokensUpperBound: 1_000,
  maxOutputTokens: 2_000,
  modelMaxOutputTokens: 8_000,
  stream: false,
  deadline: 1_000_000,
};

let store: MemoryLedgerStore;
let ports: AdmissionPorts;
let clock: { now: number };

beforeEach(() => {
  clock = { now: 0 };
  store = new MemoryLedgerStore(() => clock.now);
  const source = { snapshot: () => Promise.resolve({ version: 1, catalogue }) };
  const prices = new PriceBook(store, source, { accepted: () => undefined, rejected: () => undefined });
  ports = { prices, ...grantsOver(store), looksAgainMs: [] };
});

const fund = (amount: bigint) =>
  store.credit({ transactionId: 'fund', accountId: 'acc', amount, reason: 'test', actor: 'test' });
const refusalOf = (change: Partial<HoldRequest>): Promise<GatewayError> =>
  admitHold({ ...request, ...change }, ports).then(
    () => Promise.reject(new Error('it was admitted')),
    (error: unknown) => GatewayError.from(error),
  );

describe('a hold', () => {
  it('is the input and the output asked for, at the plan’s price; holds are not shown in the accounting', async () => {
    await fund(100_000_000n);
    expect(await admitHold(request, ports)).toEqual({
      amount: 21_000_000n,
      basis: 'input=1000 output=2000 price=model@1',
      maxOutputTokens: 2_000,
      accounting: { walletRemaining: 100_000_000n, windows: [] },
    });
  });

  it('takes the dearest target of the plan', async () => {
    await fund(100_000_000n);
    const hold = await admitHold({ ...request, priceVersions: ['model@1', 'dear@1'] }, ports);
    expect([hold.amount, hold.basis]).toEqual([42_000_000n, 'input=1000 output=2000 price=dear@1']);
  });

  it('pays for the searches that its vendor may make', async () => {
    await fund(100_000_000n);
    const hold = await admitHold({ ...request, priceVersions: ['searching@1'], searchCalls: 3 }, ports);
    expect([hold.amount, hold.basis]).toEqual([51_000_000n, 'input=1000 output=2000 searches=3 price=searching@1']);
  });

  it('starts a stream short with what its searches leave', async () => {
    await fund(51_000_000n);
    const stream = { ...request, stream: true, maxOutputTokens: 8_000, priceVersions: ['searching@1'], searchCalls: 3 };
    expect(await refusalOf({ ...stream, searchCalls: 5 })).toMatchObject({ kind: 'insufficient-credit' });
    expect((await admitHold(stream, ports)).maxOutputTokens).toBe(2_000);
  });

  it('takes the model’s own limit when the caller names none', async () => {
    await fund(100_000_000n);
    const hold = await admitHold({ ...request, maxOutputTokens: undefined }, ports);
    expect([hold.amount, hold.maxOutputTokens]).toEqual([81_000_000n, 8_000]);
  });

  it('lapses 15 minutes after the deadline', async () => {
    await fund(100_000_000n);
    await admitHold(request, ports);
    expect(store.holds.get('request')?.expiresAt).toBe(1_000_000 + 15 * 60_000);
  });

  it('refuses what does not fit and says which max_tokens would', async () => {
    await fund(12_005_000n);
    const refusal = await refusalOf({});
    expect([refusal.kind, refusal.details]).toEqual([
      'insufficient-credit',
      {
        accounting: { walletRemaining: 12_005_000n, windows: [] },
        limit: { subject: 'wallet', remaining_usd: '0.012005' },
        maxOutputTokensAffordable: 1_100,
      },
    ]);
    expect(await admitHold({ ...request, maxOutputTokens: 1_100 }, ports)).toMatchObject({ maxOutputTokens: 1_100 });
  });

  it('says of several answers which max_tokens would fit all of them', async () => {
    await fund(12_005_000n);
    const refusal = await refusalOf({ maxOutputTokens: 8_000, choices: 4 });
    expect(refusal.message).toContain('With a max_tokens of at most 275 it would fit.');
    expect(await admitHold({ ...request, maxOutputTokens: 4 * 275, choices: 4 }, ports)).toMatchObject({
      maxOutputTokens: 1_100,
    });
  });

  it('says whether a top-up is needed, or others have to end', async () => {
    await fund(22_000_000n);
    expect((await refusalOf({ maxOutputTokens: 3_000 })).message).toContain(
      'available. Top up to go on. With a max_tokens',
    );
    await admitHold(request, ports);
    const refusal = await refusalOf({ requestId: 'second', maxOutputTokens: 1_000 });
    expect(refusal.message).toContain('0.001 USD is available. More is free when requests end that run now.');
  });

  describe('that only open holds keep out', () => {
    /** Ports whose first refusals are each followed by something, before there is another look. */
    const lookingAgain = (looksAgainMs: readonly number[], between: () => Promise<unknown>): AdmissionPorts => ({
      ...ports,
      looksAgainMs,
      holds: {
        ...ports.holds,
        submit: async (hold) => {
          const result = await ports.holds.submit(hold);
          if (result.kind === 'refused') await between();
          return result;
        },
      },
    });
    const second = { ...request, requestId: 'second' };
    let looks: number;
    const look = async (): Promise<void> => void (looks += 1);

    beforeEach(async () => {
      looks = 0;
      await fund(36_000_000n);
      await admitHold(request, ports);
    });

    it('is looked at again, and admitted when what was over has been settled', async () => {
      const settle = () => store.end([{ requestId: 'request', state: 'settled', cost: 5_000_000n }]);
      expect(await admitHold(second, lookingAgain([1], settle))).toMatchObject({ amount: 21_000_000n });
      expect(store.accounts.get('acc')).toEqual({ available: 10_000_000n, held: 21_000_000n });
    });

    it('is refused when they still stand at the last look', async () => {
      await expect(admitHold(second, lookingAgain([1, 1, 1], look))).rejects.toMatchObject({
        kind: 'insufficient-credit',
      });
      expect(looks).toBe(4);
    });

    it('is refused at once when their end would not be enough', async () => {
      const dear = { ...second, maxOutputTokens: 4_000 };
      await expect(admitHold(dear, lookingAgain([600_000], look))).rejects.toMatchObject({
        kind: 'insufficient-credit',
      });
      expect(looks).toBe(1);
    });

    it('does not wait where it is a stream that can start short', async () => {
      const stream = { ...second, stream: true };
      expect(await admitHold(stream, lookingAgain([600_000], look))).toMatchObject({ maxOutputTokens: 1_400 });
    });

    it('is looked at again where it is a stream that cannot, however much it wants', async () => {
      const end = () => store.end([voided('request')]);
      const stream = { ...second, stream: true, inputTokensUpperBound: 10_000, maxOutputTokens: 100_000 };
      expect(await admitHold(stream, lookingAgain([1], end))).toMatchObject({ maxOutputTokens: 2_600 });
    });
  });

  it('refuses without advice when not even the input fits', async () => {
    await fund(999_000n);
    const refusal = await refusalOf({});
    expect([refusal.kind, refusal.details?.['maxOutputTokensAffordable']]).toEqual(['insufficient-credit', undefined]);
  });

  it('starts a stream with what is affordable', async () => {
    await fund(1_000_000n + 10_000n * 1_500n);
    const hold = await admitHold({ ...request, stream: true }, ports);
    expect([hold.amount, hold.maxOutputTokens]).toEqual([16_000_000n, 1_500]);
  });

  it.each([
    [1_024, 'admitted'],
    [1_023, 'insufficient-credit'],
  ])('starts no stream that affords %d output tokens with less than 1,024: %s', async (tokens, expected) => {
    await fund(1_000_000n + 10_000n * BigInt(tokens));
    const outcome = admitHold({ ...request, stream: true }, ports).then(
      () => 'admitted',
      (error: GatewayError) => error.kind,
    );
    expect(await outcome).toBe(expected);
  });

  it('answers a replay alike, without holding twice', async () => {
    await fund(100_000_000n);
    const [first, second] = [await admitHold(request, ports), await admitHold(request, ports)];
    expect([second, store.accounts.get('acc')?.held]).toEqual([first, 21_000_000n]);
  });

  it('refuses another request under the same id, and one that is over', async () => {
    await fund(100_000_000n);
    await admitHold(request, ports);
    expect((await refusalOf({ maxOutputTokens: 9 })).kind).toBe('conflict');
    await store.end([voided('request')]);
    expect((await refusalOf({})).kind).toBe('conflict');
  });

  it('is carved from a grant when its key is busy, and what the grant has left goes to whoever would be refused', async () => {
    const size = 21_000_000n;
    await fund(600n * size);
    const ask = (requestId: string) => admitHold({ ...request, requestId }, ports);
    for (let at = 0; at < 9; at += 1) await ask(`busy ${at}`);
    const carved = await ask('carved');
    expect(carved).toMatchObject({
      amount: size,
      basis: 'input=1000 output=2000 price=model@1',
      carved: { amount: size, basis: 'input=1000 output=2000 price=model@1', maxOutputTokens: 2_000 },
      accounting: { walletRemaining: 600n * size },
    });
    const held = store.accounts.get('acc')?.held ?? 0n;
    expect(held).toBeGreaterThan(64n * size);
    // Ten requests are open; all the rest is there for a single one that needs it.
    const rest = { ...request, keyId: 'key 2', requestId: 'rest', maxOutputTokens: 590 * 2_100 - 100 };
    expect((await admitHold(rest, ports)).amount).toBe(590n * size);
    expect(store.accounts.get('acc')).toEqual({ available: 0n, held: 600n * size });
  });

  it('admits counting without money and without a hold, and shows the caps of its caller', async () => {
    const caps = [{ subject: 'key:key', span: '5h' as const, limit: 5n }];
    expect((await admitHold({ ...request, operation: 'count', caps }, ports)).accounting).toEqual({
      walletRemaining: 0n,
      windows: [{ window: '5h', limit: 5n, remaining: 5n, resetAt: 18_300 }],
    });

    expect(await admitHold({ ...request, operation: 'count' }, ports)).toMatchObject({ amount: 0n, basis: 'free' });
    expect(store.holds.size).toBe(0);
  });

  it('is unavailable for a price that nobody knows: never sold unpriced', async () => {
    await fund(100_000_000n);
    expect((await refusalOf({ priceVersions: ['unheard-of@1'] })).kind).toBe('unavailable');
  });
});

describe('a hold under caps', () => {
  const SIZE = 21_000_000n;
  const cap = (subject: string, span: Span, limit: bigint): Cap => ({ subject, span, limit });
  const spend = async (requestId: string, caps: readonly Cap[], cost = SIZE) => {
    await admitHold({ ...request, requestId, caps: [...caps] }, ports);
    await store.end([{ requestId, state: 'settled', cost }]);
  };

  beforeEach(() => fund(1_000_000_000_000n));

  it('shows what is left of the quota of its key and of its windows, less what is settled and not what is held', async () => {
    const caps = [cap('key:key', 'life', 2n * SIZE), cap('key:key', '1d', 3n * SIZE), cap('account', '1d', 9n * SIZE)];
    await spend('before', caps);
    expect((await admitHold({ ...request, caps }, ports)).accounting).toEqual({
      walletRemaining: 1_000_000_000_000n - SIZE,
      keyQuotaRemaining: SIZE,
      windows: [
        { window: '1d', limit: 3n * SIZE, remaining: 2n * SIZE, resetAt: 86_400 + 900 },
        { window: '1d', limit: 9n * SIZE, remaining: 8n * SIZE, resetAt: 86_400 + 900 },
      ],
    });
  });

  it('is refused by a window of its key with what is left and when enough is free', async () => {
    const caps = [cap('key:key', '5h', 2n * SIZE)];
    await spend('early', caps, SIZE / 2n);
    clock.now = 600_000;
    await spend('later', caps);
    const refusal = await refusalOf({ caps });
    expect([refusal.kind, refusal.retryAfterMs, refusal.message]).toEqual([
      'spend-window',
      5 * 3_600_000 + 300_000 - 600_000,
      'The limit of 0.042 USD in 5 hours of this key does not cover this request. It may cost up to 0.021 USD (input=1000 output=2000 price=model@1); 0.0105 USD is left. More is free at 1970-01-01T05:05:00.000Z. With a max_tokens of at most 950 it would fit.',
    ]);
    expect(refusal.details).toEqual({
      accounting: {
        walletRemaining: 1_000_000_000_000n - SIZE - SIZE / 2n,
        windows: [{ window: '5h', limit: 2n * SIZE, remaining: SIZE / 2n, resetAt: 18_300 }],
      },
      limit: {
        ...{ subject: 'key', span: '5h', limit_usd: '0.042', remaining_usd: '0.0105' },
        frees_at: '1970-01-01T05:05:00.000Z',
      },
      maxOutputTokensAffordable: 950,
    });
  });

  it('is told to come back soon where only what runs at the moment stands in the way', async () => {
    const caps = [cap('key:key', '7d', SIZE)];
    await admitHold({ ...request, requestId: 'running', caps }, ports);
    const refusal = await refusalOf({ caps });
    expect([refusal.kind, refusal.retryAfterMs, refusal.details?.['limit']]).toEqual([
      'spend-window',
      1_000,
      { subject: 'key', span: '7d', limit_usd: '0.021', remaining_usd: '0.00' },
    ]);
    expect(refusal.message).toContain('0.00 USD is left. More is free when requests end that run now.');
  });

  it.each([
    ['the quota of a key', cap('key:key', 'life', 1n), 'key', 'quota of 0.000000001 USD of this key'],
    ['a cap on a member', cap('member:m', '5h', 1n), 'member', 'limit of 0.000000001 USD in 5 hours of this member'],
    [
      'a cap on a model',
      cap('model:claude-sonnet-4-6', '1d', 1n),
      'model',
      'limit of 0.000000001 USD in a day of this model',
    ],
    ['a cap on all', cap('account', 'life', 1n), 'account', 'quota of 0.000000001 USD of this organisation'],
  ])('is refused by %s as a quota', async (_name, one, subject, words) => {
    const refusal = await refusalOf({ caps: [one], memberId: 'm' });
    expect([refusal.kind, refusal.retryAfterMs, refusal.details?.['limit']]).toMatchObject([
      'quota-exceeded',
      undefined,
      { subject },
    ]);
    expect(refusal.message).toContain(`The ${words} does not cover this request.`);
    expect(refusal.message).toContain(`${subject === 'key' ? 'Who manages the key' : 'An operator'} can raise it.`);
  });

  it('starts a stream with what the tightest cap affords', async () => {
    const caps = [cap('key:key', '5h', 1_000_000n + 10_000n * 1_500n), cap('account', '1d', SIZE)];
    expect((await admitHold({ ...request, stream: true, caps }, ports)).maxOutputTokens).toBe(1_500);
  });

  it('is given what grants of its account hold back before it is refused', async () => {
    const caps = [cap('account', '5h', 600n * SIZE)];
    const ask = (change: Partial<HoldRequest>) => admitHold({ ...request, caps, ...change }, ports);
    for (let at = 0; at < 9; at += 1) await ask({ requestId: `busy ${at}` });
    expect((await ask({ requestId: 'carved' })).carved).toBeDefined();
    const rest = { keyId: 'key 2', requestId: 'rest', maxOutputTokens: 590 * 2_100 - 100 };
    expect((await ask(rest)).amount).toBe(590n * SIZE);
  });
});
