import type { NanoUsd } from '@bytespike/kernel';

import type { MoveResult, WalletMove } from '../domain/wallet-move.js';
import { walletHandlers, type WalletPorts } from './wallet.handlers.js';

const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal };
const payment = {
  ...{ transactionId: 't', accountId: 'acc', principal: 100n, bonus: 5n, reason: 'test', actor: 'test' },
  source: { provider: 'stripe', receiptId: 'pi_1', method: 'card' },
};

/** Handlers over a store that answers as told, and a wallet whose grants hold back what they are given. */
function ledger(result: MoveResult, available: NanoUsd = 1_000n) {
  const asked: WalletMove[] = [];
  const steps: string[] = [];
  const ports: WalletPorts = {
    store: {
      move: (move) => {
        steps.push('move');
        asked.push(move);
        return Promise.resolve(result);
      },
      setLowBalance: () => Promise.resolve(),
      crossThresholds: () => Promise.resolve({ found: 0, low: 0 }),
      waitingFacts: () => Promise.resolve([]),
      markPublished: () => Promise.resolve(),
      prunePublished: () => Promise.resolve(0),
      countWaiting: () => Promise.resolve(0),
    },
    grants: {
      forget: () => void steps.push('forget'),
      giveBack: () => {
        steps.push('give back');
        return Promise.resolve(true);
      },
    },
    wallets: { submit: () => Promise.resolve({ available, held: 0n }) },
  };
  return { handlers: walletHandlers(ports), asked, steps };
}

const moved = (amount: NanoUsd, bonus: NanoUsd): MoveResult => ({ kind: 'moved', available: 7n, amount, bonus });

describe('payments as the ledger takes them', () => {
  it('tops up, and forgets what was heard of the wallet before', async () => {
    const { handlers, asked, steps } = ledger(moved(105n, 5n));
    expect(await handlers.topUp(payment, context)).toEqual({ available: 7n });
    expect(asked).toMatchObject([{ kind: 'topup', principal: 100n, source: { receipt_id: 'pi_1' } }]);
    expect(steps).toEqual(['move', 'forget']);
  });

  it.each([
    { name: 'all of it', result: moved(-105n, -5n), taken: 105n, lost: 0n },
    { name: 'the principal', result: moved(-100n, 0n), taken: 100n, lost: 0n },
    { name: 'some of it', result: moved(-30n, 0n), taken: 30n, lost: 70n },
    { name: 'nothing', result: moved(0n, 0n), taken: 0n, lost: 100n },
  ])('refunds and says what is lost when the wallet had $name', async ({ result, taken, lost }) => {
    const { handlers, asked } = ledger(result);
    expect(await handlers.refund(payment, context)).toEqual({ available: 7n, taken, lost });
    expect(asked).toMatchObject([{ kind: 'refund', principal: -100n, bonus: -5n }]);
  });

  it('has grants give back what a refund needs, before it takes it', async () => {
    const { handlers, steps } = ledger(moved(-105n, -5n), 104n);
    await handlers.refund(payment, context);
    expect(steps).toEqual(['give back', 'move', 'forget']);
  });

  it.each([
    { name: 'of nothing', change: { principal: 0n }, result: moved(0n, 0n), kind: 'invalid-request' },
    { name: 'with a bonus below nothing', change: { bonus: -1n }, result: moved(0n, 0n), kind: 'invalid-request' },
    { name: 'under an id that is taken', change: {}, result: { kind: 'conflict' } as const, kind: 'conflict' },
  ])('refuses a payment $name', async ({ change, result, kind }) => {
    const { handlers } = ledger(result);
    await expect(handlers.topUp({ ...payment, ...change }, context)).rejects.toMatchObject({ kind });
    await expect(handlers.refund({ ...payment, ...change }, context)).rejects.toMatchObject({ kind });
  });

  it('refuses a threshold below nothing', async () => {
    const { handlers } = ledger(moved(0n, 0n));
    const set = handlers.setLowBalance({ accountId: 'acc', threshold: -1n }, context);
    await expect(set).rejects.toMatchObject({ kind: 'invalid-request' });
  });
});
