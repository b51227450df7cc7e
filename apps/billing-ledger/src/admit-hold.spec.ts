import { GatewayError } from '@bytespike/kernel';

import { admitHold, type AdmissionPorts } from './admit-hold.js';
import { voided } from './domain/settlement.js';
import type { HoldRequest } from './domain/size-hold.js';
import { grantsOver } from './testing/grants-over.js';
import { PriceBook } from './price-book.js';
import { MemoryLedgerStore } from './testing/memory-ledger-store.js';

/** 1 USD per million input, 10 per million output: 1,000 and 10,000 nano per token. */
const catalogue = {
  prices: [price('model@1', { input: '1', output: '10' }), price('dear@1', { input: '2', output: '20' })],
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

beforeEach(() => {
  store = new MemoryLedgerStore();
  const source = { snapshot: () => Promise.resolve({ version: 1, catalogue }) };
  const prices = new PriceBook(store, source, { accepted: () => undefined, rejected: () => undefined });
  ports = { prices, ...grantsOver(store) };
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

  it('admits counting without money and without a hold', async () => {
    expect(await admitHold({ ...request, operation: 'count' }, ports)).toMatchObject({ amount: 0n, basis: 'free' });
    expect(store.holds.size).toBe(0);
  });

  it('is unavailable for a price that nobody knows: never sold unpriced', async () => {
    await fund(100_000_000n);
    expect((await refusalOf({ priceVersions: ['unheard-of@1'] })).kind).toBe('unavailable');
  });
});
