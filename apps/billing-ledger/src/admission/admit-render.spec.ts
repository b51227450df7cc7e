import { TASKS_REPORTER, type Cap } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { PriceBook } from '../prices/price-book.js';
import { grantsOver } from '../testing/grants-over.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';
import type { HoldRequest } from '../domain/size-hold.js';
import { admitHold, type AdmissionPorts } from './admit-hold.js';
import { extendHold } from './extend-hold.js';

const price = (id: string, per: object) => ({
  ...{ id, model: id.split('@')[0], effectiveFrom: '2026-01-01', usdPerMillion: {}, status: 'listed' },
  ...per,
});
const catalogue = {
  prices: [
    price('film@1', { usdPerSecond: '0.40' }),
    price('fast@1', { usdPerSecond: '0.20' }),
    price('picture@1', { usdPerImage: '0.08' }),
    price('unpriced@1', {}),
  ],
};

const DAY_MS = 24 * 3_600_000;
const USD = 1_000_000_000n;

const film: HoldRequest = {
  requestId: 'task_1',
  accountId: 'acc',
  keyId: 'key',
  operation: 'generate',
  model: 'veo-3.1',
  caps: [],
  reporter: TASKS_REPORTER,
  priceVersions: ['film@1', 'fast@1'],
  inputTokensUpperBound: 0,
  modelMaxOutputTokens: 1,
  units: { seconds: 8 },
  stream: false,
  deadline: DAY_MS,
};
const pictures: Partial<HoldRequest> = { requestId: 'images', priceVersions: ['picture@1'], units: { images: 4 } };

let store: MemoryLedgerStore;
let ports: AdmissionPorts;

beforeEach(async () => {
  store = new MemoryLedgerStore(() => 0);
  const source = { snapshot: () => Promise.resolve({ version: 1, catalogue }) };
  const prices = new PriceBook(store, source, { accepted: () => undefined, rejected: () => undefined });
  ports = { prices, ...grantsOver(store), looksAgainMs: [] };
  await store.credit({ transactionId: 'fund', accountId: 'acc', amount: 10n * USD, reason: 'test', actor: 'test' });
});

const admit = (change: Partial<HoldRequest> = {}) => admitHold({ ...film, ...change }, ports);
const refusalOf = (change: Partial<HoldRequest>): Promise<GatewayError> =>
  admit(change).then(
    () => Promise.reject(new Error('it was admitted')),
    (error: unknown) => GatewayError.from(error),
  );

describe('a hold of a render', () => {
  it('is all of its seconds at the dearest target, and says so', async () => {
    expect(await admit()).toEqual({
      amount: (32n * USD) / 10n,
      basis: 'seconds=8 price=film@1',
      maxOutputTokens: 0,
      accounting: { walletRemaining: 10n * USD, windows: [] },
    });
  });

  it('is every picture by itself', async () => {
    expect(await admit(pictures)).toMatchObject({ amount: (32n * USD) / 100n, basis: 'images=4 price=picture@1' });
  });

  it('lapses 15 minutes after its own deadline, be that a day from now', async () => {
    await admit();
    expect(store.holds.get('task_1')).toMatchObject({ expiresAt: DAY_MS + 15 * 60_000, reporter: 'tasks' });
  });

  it('has a row of its own however busy its key is', async () => {
    const many = Array.from({ length: 20 }, (_, at) => ({ ...pictures, requestId: `images ${at}` }));
    for (const one of many) expect((await admit(one)).carved).toBeUndefined();
    expect([...store.holds.keys()]).toEqual(many.map(({ requestId }) => requestId));
  });

  it('is never given from what others of its key were granted', async () => {
    const text = { priceVersions: ['words@1'], units: undefined, modelMaxOutputTokens: 100 };
    const words = { ...price('words@1', {}), model: 'words', usdPerMillion: { input: '1', output: '10' } };
    await store.recordPrices([words]);
    for (let at = 0; at < 9; at += 1) await admit({ ...text, requestId: `busy ${at}` });
    expect((await admit({ ...text, requestId: 'carved' })).carved).toBeDefined();
    expect((await admit()).carved).toBeUndefined();
    expect(store.holds.get('task_1')?.state).toBe('held');
  });

  it('answers a replay alike and holds once; another length under its id is a conflict', async () => {
    const [first, second] = [await admit(), await admit()];
    expect([second, store.accounts.get('acc')?.held]).toEqual([first, first.amount]);
    expect((await refusalOf({ units: { seconds: 9 } })).kind).toBe('conflict');
  });

  it.each<[string, Partial<HoldRequest>, string, object]>([
    ['a film', { units: { seconds: 30 } }, 'With at most 25 seconds it would fit.', { secondsAffordable: 25 }],
    [
      'pictures',
      { ...pictures, units: { images: 130 } },
      'With an n of at most 125 it would fit.',
      { imagesAffordable: 125 },
    ],
  ])('that does not fit is refused, and %s told how much would', async (_name, change, advice, details) => {
    const refusal = await refusalOf(change);
    expect([refusal.kind, refusal.details]).toMatchObject(['insufficient-credit', details]);
    expect(refusal.message).toContain(advice);
    expect(store.accounts.get('acc')?.held).toBe(0n);
  });

  it('meets every cap, as a whole or not at all', async () => {
    const caps: Cap[] = [
      { subject: 'key:key', span: '5h', limit: 5n * USD },
      { subject: 'model:veo-3.1', span: 'life', limit: 100n * USD },
    ];
    await admit({ caps });
    expect((await refusalOf({ caps, requestId: 'task_2' })).kind).toBe('spend-window');
    expect(await store.standings([{ accountId: 'acc', caps }])).toMatchObject([
      { uses: [{ held: (32n * USD) / 10n }, { held: (32n * USD) / 10n }] },
    ]);
  });

  it('that comes late is given back, unless it is of a task, whose twin may have its answer', async () => {
    await expect(admitHold({ ...film, reporter: 'ingress_1' }, ports, 0)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(store.holds.get('task_1')?.state).toBe('voided');
    const twin = { ...film, requestId: 'task_2' };
    const [late, known] = [await admitHold(twin, ports, 0), await admitHold(twin, ports)];
    expect([known, store.holds.get('task_2')?.state]).toEqual([late, 'held']);
  });

  it('is never sold without a price for what it makes', async () => {
    expect((await refusalOf({ priceVersions: ['film@1', 'unpriced@1'] })).kind).toBe('unavailable');
    expect((await refusalOf({ units: { images: 1 } })).kind).toBe('unavailable');
    expect(store.holds.size).toBe(0);
  });

  it('is never extended: it holds all that it can cost', async () => {
    await admit();
    const extended = extendHold(film, { ...ports, store });
    await expect(extended).rejects.toMatchObject({ kind: 'conflict' });
    expect(store.holds.get('task_1')?.amount).toBe((32n * USD) / 10n);
  });
});
