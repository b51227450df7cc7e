import fc from 'fast-check';

import { holdOf } from '../testing/ledger-fixtures.js';
import { Grant } from './grant.js';

const TERMS = {
  id: 'grant_1',
  accountId: 'acc',
  keyId: 'key',
  reporter: 'ledger_1',
  caps: [],
  amount: 100n,
  carveMs: 1_000,
  carvesUntil: 1_000,
  expiresAt: 50_000,
};
const grant = () => new Grant(TERMS, 0);
const ask = (requestId: string, amount: bigint, expiresAt = 50_000) => ({
  ...holdOf(requestId, 'acc', amount),
  expiresAt,
});

describe('a grant', () => {
  it('admits what fits, and nothing beyond', () => {
    const one = grant();
    expect([one.carve(ask('a', 60n), 0), one.carve(ask('b', 41n), 0), one.carve(ask('c', 40n), 0)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('admits nothing after its time, and nothing that lapses after itself', () => {
    expect(grant().carve(ask('late', 1n), 1_000)).toBe(false);
    expect(grant().carve(ask('long', 1n, 50_001), 0)).toBe(false);
  });

  it('has the rest of a request back as soon as its price is known, and not twice', () => {
    const one = grant();
    one.carve(ask('a', 100n), 0);
    one.price('a', 30n);
    one.price('a', 30n);
    one.end('a');
    expect([one.carve(ask('b', 71n), 0), one.carve(ask('c', 70n), 0)]).toEqual([false, true]);
  });

  it('gives back what is free when it retires, once, and admits nobody any more', () => {
    const one = grant();
    one.carve(ask('a', 30n), 0);
    expect([one.retire(), one.retire(), one.carve(ask('b', 1n), 0), one.isEmpty]).toEqual([70n, 0n, false, false]);
    one.end('a', 30n);
    expect(one.isEmpty).toBe(true);
  });

  it('knows which of its requests have gone unheard of', () => {
    const one = grant();
    one.carve(ask('a', 1n), 100);
    one.carve(ask('b', 1n), 200);
    expect(one.openSince(200)).toEqual(['a']);
  });

  it('never lets open worst cases and charges together exceed what it is worth', () => {
    const steps = fc.array(
      fc.record({
        does: fc.constantFrom('carve', 'price', 'end', 'retire'),
        request: fc.nat(9),
        amount: fc.bigInt(0n, 60n),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        const one = grant();
        const open = new Map<string, bigint>();
        let charged = 0n;
        for (const { does, request, amount } of sequence) {
          const id = `request ${request}`;
          if (does === 'carve' && !open.has(id) && one.carve(ask(id, amount), 0)) open.set(id, amount);
          if (does === 'retire') one.retire();
          if (does === 'price' || does === 'end') {
            const worst = open.get(id);
            const cost = worst !== undefined && amount > worst ? worst : amount;
            if (worst !== undefined) open.set(id, cost);
            one.price(id, amount);
          }
          if (does === 'end') {
            charged += open.get(id) ?? 0n;
            open.delete(id);
            one.end(id);
          }
          const taken = [...open.values()].reduce((sum, each) => sum + each, charged);
          expect(taken <= TERMS.amount).toBe(true);
        }
      }),
    );
  });
});
