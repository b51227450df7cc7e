import { GatewayError } from '@bytespike/kernel';

import { admitHold, type AdmissionPorts } from './admit-hold.js';
import { voided } from '../domain/settlement.js';
import type { HoldRequest, SizedHold } from '../domain/size-hold.js';
import { extendHold, type ExtensionPorts } from './extend-hold.js';
import { PriceBook } from '../prices/price-book.js';
import { grantsOver } from '../testing/grants-over.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';

/** 1 USD per million input, 10 per million output: 1,000 and 10,000 nano per token. */
const prices = [
  {
    id: 'model@1',
    model: 'model',
    effectiveFrom: '2026-01-01',
    usdPerMillion: { input: '1', output: '10' },
    status: 'listed',
  },
];

/** 1,000,000 nano for its input, and 10,000 for each of 8,000 tokens of output. */
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
  maxOutputTokens: 8_000,
  modelMaxOutputTokens: 16_000,
  stream: true,
  deadline: 1_000_000,
};

let store: MemoryLedgerStore;
let ports: AdmissionPorts & ExtensionPorts;

beforeEach(() => {
  store = new MemoryLedgerStore();
  const source = { snapshot: () => Promise.resolve({ version: 1, catalogue: { prices } }) };
  const book = new PriceBook(store, source, { accepted: () => undefined, rejected: () => undefined });
  ports = { prices: book, store, ...grantsOver(store), looksAgainMs: [] };
});

const credit = (transactionId: string, amount: bigint) =>
  store.credit({ transactionId, accountId: 'acc', amount, reason: 'test', actor: 'test' });
const refusalOf = (asked: HoldRequest): Promise<GatewayError> =>
  extendHold(asked, ports).then(
    () => Promise.reject(new Error('it was extended')),
    (error: unknown) => GatewayError.from(error),
  );

describe('a hold that started short', () => {
  beforeEach(async () => {
    await credit('fund', 21_000_000n);
    expect(await admitHold(request, ports)).toMatchObject({ maxOutputTokens: 2_000, amount: 21_000_000n });
  });

  it('was not carved from a grant', async () => {
    expect((await admitHold(request, ports)).carved).toBeUndefined();
  });

  it('grows to all that was asked for where there is money, and the hold says so', async () => {
    await credit('more', 100_000_000n);
    expect(await extendHold(request, ports)).toEqual({
      amount: 81_000_000n,
      basis: 'input=1000 output=8000 price=model@1',
      maxOutputTokens: 8_000,
    });
    expect(store.accounts.get('acc')).toEqual({ available: 40_000_000n, held: 81_000_000n });
  });

  it('grows as far as the money goes, and a repeat holds nothing twice', async () => {
    await credit('more', 10_000_000n);
    expect(await extendHold(request, ports)).toMatchObject({ maxOutputTokens: 3_000, amount: 31_000_000n });
    await credit('a little', 5_000_000n);
    expect(await extendHold(request, ports)).toMatchObject({ maxOutputTokens: 3_500, amount: 36_000_000n });
    await credit('enough', 100_000_000n);
    const whole = await extendHold(request, ports);
    expect(await extendHold(request, ports)).toEqual(whole);
    expect(store.accounts.get('acc')).toEqual({ available: 55_000_000n, held: 81_000_000n });
  });

  it('is refused where hardly anything is left, and says what is held', async () => {
    await credit('crumbs', 2_550_000n);
    const { kind, message } = await refusalOf(request);
    expect(kind).toBe('insufficient-credit');
    expect(message).toContain('0.021 USD are held for it, which pays for 2000 output tokens');
    expect(store.accounts.get('acc')).toEqual({ available: 2_550_000n, held: 21_000_000n });
  });

  it('is looked at again where only open holds stand in the way', async () => {
    await credit('more', 60_000_000n);
    await admitHold({ ...request, requestId: 'other', maxOutputTokens: 5_900, stream: false }, ports);
    const settling = {
      extend: async (hold: SizedHold) => {
        const result = await store.extend(hold);
        await store.end([voided('other')]);
        return result;
      },
    };
    expect(await extendHold(request, { ...ports, store: settling, looksAgainMs: [1] })).toMatchObject({
      maxOutputTokens: 8_000,
    });
  });

  it('takes the last little step to the end', async () => {
    await credit('more', 59_000_000n);
    expect(await extendHold(request, ports)).toMatchObject({ maxOutputTokens: 7_900 });
    await credit('crumbs', 1_000_000n);
    expect(await extendHold(request, ports)).toMatchObject({ maxOutputTokens: 8_000 });
  });

  it('does not grow once it has ended, and not for another request under its id', async () => {
    await credit('more', 100_000_000n);
    expect((await refusalOf({ ...request, inputTokensUpperBound: 5 })).kind).toBe('conflict');
    await store.end([voided('request')]);
    expect((await refusalOf(request)).kind).toBe('conflict');
    expect(store.accounts.get('acc')).toEqual({ available: 121_000_000n, held: 0n });
  });

  it('gets what grants hold back and no request needs', async () => {
    const given: string[] = [];
    const grants = {
      giveBack: async (accountId: string) => {
        given.push(accountId);
        await credit('given back', 100_000_000n);
        return true;
      },
    };
    expect(await extendHold(request, { ...ports, grants })).toMatchObject({ maxOutputTokens: 8_000 });
    expect(given).toEqual(['acc']);
  });
});
