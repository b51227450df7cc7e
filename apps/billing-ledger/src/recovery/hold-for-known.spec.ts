import type { Hold, HoldRequest } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { holdForKnown } from './hold-for-known.js';

const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal };
const HELD: Hold = { amount: 1n, basis: 'test', maxOutputTokens: 1, accounting: { walletRemaining: 0n, windows: [] } };
const requestOf = (reporter: string) => ({ reporter }) as HoldRequest;

/** A ledger that tells in which order it did what. */
function ledger(greet: (reporter: string) => Promise<void> = () => Promise.resolve()) {
  const done: string[] = [];
  const orphans = {
    greet: (reporter: string) => {
      done.push(`greet ${reporter}`);
      return greet(reporter);
    },
  };
  const hold = holdForKnown(({ reporter }) => {
    done.push(`hold for ${reporter}`);
    return Promise.resolve(HELD);
  }, orphans);
  return { done, hold: (reporter: string) => hold(requestOf(reporter), context) };
}

describe('a hold', () => {
  it('notes its reporter first, once for all that ask at once and after', async () => {
    const { done, hold } = ledger();
    await Promise.all([hold('one'), hold('one'), hold('two')]);
    await hold('one');
    expect(done.slice(0, 2)).toEqual(['greet one', 'greet two']);
    expect(done.slice(2).sort()).toEqual(['hold for one', 'hold for one', 'hold for one', 'hold for two']);
  });

  it('is refused where its reporter cannot be noted, and tried anew the next time', async () => {
    let isAway = true;
    const { done, hold } = ledger(() =>
      isAway ? Promise.reject(new GatewayError('unavailable', 'the store is away')) : Promise.resolve(),
    );
    await expect(hold('one')).rejects.toMatchObject({ kind: 'unavailable' });
    isAway = false;
    expect(await hold('one')).toBe(HELD);
    expect(done).toEqual(['greet one', 'greet one', 'hold for one']);
  });
});
