import { PriceBook } from './price-book.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';

const price = (id: string, input: string) => ({
  id,
  model: 'model',
  effectiveFrom: '2026-01-01',
  usdPerMillion: { input },
  status: 'listed',
});

function bookOf(store: MemoryLedgerStore, catalogue: unknown) {
  const events: string[] = [];
  const book = new PriceBook(
    store,
    { snapshot: () => Promise.resolve({ version: 7, catalogue }) },
    { accepted: (version) => events.push(`accepted ${version}`), rejected: (_version, why) => events.push(why) },
  );
  return { book, events };
}

describe('the price book', () => {
  it('takes over a snapshot and keeps it for a time without its source', async () => {
    const store = new MemoryLedgerStore();
    const { book, events } = bookOf(store, { prices: [price('model@1', '3.00')] });
    await book.refresh();
    const { book: later } = bookOf(store, 'nonsense');
    expect([events, await book.find('model@1'), await later.find('model@1')]).toEqual([
      ['accepted 7'],
      { input: 3_000_000n },
      { input: 3_000_000n },
    ]);
  });

  it('never lets a known version change its price', async () => {
    const store = new MemoryLedgerStore();
    await bookOf(store, { prices: [price('model@1', '3.00')] }).book.refresh();
    const { book, events } = bookOf(store, { prices: [price('model@1', '4.00'), price('model@2', '4.00')] });
    await book.refresh();
    expect([events, await book.find('model@1'), await book.find('model@2')]).toEqual([
      ['it sells known price versions at other prices: model@1'],
      { input: 3_000_000n },
      { input: 4_000_000n },
    ]);
  });

  it('refuses a snapshot it cannot read', async () => {
    const { book, events } = bookOf(new MemoryLedgerStore(), { prices: [{ id: 'model@1' }] });
    await book.refresh();
    expect(events).toEqual(['its price list does not parse']);
  });

  it('finds no price where none was sold', async () => {
    const { book } = bookOf(new MemoryLedgerStore(), { prices: [] });
    expect([await book.find(undefined), await book.find('model@9')]).toEqual([undefined, undefined]);
  });
});
