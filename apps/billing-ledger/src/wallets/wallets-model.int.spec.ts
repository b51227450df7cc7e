import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import type { NanoUsd } from '@bytespike/kernel';
import fc from 'fast-check';

import { voided } from '../domain/settlement.js';
import { PLATFORM } from '../domain/platform-accounts.js';
import type { WalletMove } from '../domain/wallet-move.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { PgWalletStore } from './pg-wallet-store.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { refundOf, topUpOf } from '../testing/wallet-fixtures.js';
import { verifyLedger } from '../verify/verify-ledger.js';

/** Fifty sequences for every push, a thousand at night. */
const RUNS = Math.ceil(Number(process.env['LEDGER_MODEL_RUNS'] ?? 500) / 10);

type Step =
  | { readonly do: 'top-up'; readonly id: number; readonly principal: NanoUsd; readonly bonus: NanoUsd }
  | { readonly do: 'refund'; readonly id: number; readonly principal: NanoUsd; readonly bonus: NanoUsd }
  | { readonly do: 'hold' | 'settle'; readonly id: number; readonly amount: NanoUsd }
  | { readonly do: 'void'; readonly id: number }
  | { readonly do: 'threshold'; readonly at: NanoUsd }
  | { readonly do: 'look' };

const id = fc.nat({ max: 4 });
const amount = fc.bigInt({ min: 1n, max: 120n });
const payment = { id, principal: amount, bonus: fc.bigInt({ min: 0n, max: 12n }) };
const sequences = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('top-up' as const), ...payment }),
    fc.record({ do: fc.constant('refund' as const), ...payment }),
    fc.record({ do: fc.constantFrom('hold' as const, 'settle' as const), id, amount }),
    fc.record({ do: fc.constant('void' as const), id }),
    fc.record({ do: fc.constant('threshold' as const), at: amount }),
    fc.record({ do: fc.constant('look' as const) }),
  ),
  { minLength: 1, maxLength: 14 },
);

/** A wallet as a few variables: what the statements in Postgres are compared with. */
class ModelWallet {
  available = 0n;
  lost = 0n;
  threshold: NanoUsd | undefined;
  isLow = false;
  /** How often its owner was told that it is low. */
  told = 0;
  readonly moves = new Map<string, readonly [principal: NanoUsd, bonus: NanoUsd]>();
  readonly holds = new Map<number, { readonly amount: NanoUsd; isOpen: boolean }>();

  move(kind: 'top-up' | 'refund', { id: number, principal, bonus }: Extract<Step, { principal: NanoUsd }>): void {
    const name = `${kind} ${number}`;
    if (this.moves.has(name)) return;
    this.moves.set(name, [principal, bonus]);
    if (kind === 'top-up') {
      this.available += principal + bonus;
      return;
    }
    const taken = least(principal, this.available);
    this.lost += principal - taken;
    this.available -= taken;
    this.available -= least(bonus, this.available);
  }

  hold(number: number, size: NanoUsd): void {
    if (this.holds.has(number) || size > this.available) return;
    this.holds.set(number, { amount: size, isOpen: true });
    this.available -= size;
  }

  end(number: number, cost: NanoUsd): void {
    const hold = this.holds.get(number);
    if (!hold?.isOpen) return;
    hold.isOpen = false;
    this.available += hold.amount - least(cost, hold.amount);
  }

  setThreshold(at: NanoUsd): void {
    if (this.threshold !== at) this.isLow = false;
    this.threshold = at;
  }

  look(): void {
    const isBelow = this.threshold !== undefined && this.available + this.held < this.threshold;
    if (isBelow && !this.isLow) this.told += 1;
    this.isLow = isBelow;
  }

  get held(): NanoUsd {
    return [...this.holds.values()].reduce((sum, hold) => sum + (hold.isOpen ? hold.amount : 0n), 0n);
  }
}

const least = (one: NanoUsd, other: NanoUsd): NanoUsd => (one < other ? one : other);

describe('wallets between payments and requests', () => {
  let database: TestDatabase;
  let pool: Pool;
  let runs = 0;

  beforeAll(async () => {
    database = await withTestDatabase();
    pool = createLedgerPool(database.url, 4);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  /** Does a step to both, twice in Postgres: a repeat changes nothing. */
  async function step(asked: Step, account: string, model: ModelWallet): Promise<void> {
    const [wallets, ledger] = [new PgWalletStore(pool), new PgLedgerStore(pool)];
    const twice = async (work: () => Promise<unknown>): Promise<void> => {
      await work();
      await work();
    };
    switch (asked.do) {
      case 'top-up':
      case 'refund': {
        const make = asked.do === 'top-up' ? topUpOf : refundOf;
        const move: WalletMove = make(`${asked.do} ${account} ${asked.id}`, account, asked.principal, asked.bonus);
        await twice(() => wallets.move(move));
        return model.move(asked.do, asked);
      }
      case 'hold':
        await twice(() => ledger.hold([holdOf(`${account} ${asked.id}`, account, asked.amount)]));
        return model.hold(asked.id, asked.amount);
      case 'settle':
        await twice(() => ledger.end([settledAt(`${account} ${asked.id}`, asked.amount)]));
        return model.end(asked.id, asked.amount);
      case 'void':
        await twice(() => ledger.end([voided(`${account} ${asked.id}`)]));
        return model.end(asked.id, 0n);
      case 'threshold':
        await twice(() => wallets.setLowBalance(account, asked.at));
        return model.setThreshold(asked.at);
      case 'look':
        await twice(() => wallets.crossThresholds(1_000));
        return model.look();
    }
  }

  const sumOf = async (text: string, account: string): Promise<bigint> => {
    const { rows } = await pool.query<{ sum: string | null }>(text, [account]);
    return BigInt(rows[0]?.sum ?? '0');
  };

  it(
    `are as a few variables say, after any of ${RUNS} sequences`,
    async () => {
      const agrees = fc.asyncProperty(sequences, async (steps) => {
        const account = `acc ${(runs += 1)}`;
        const model = new ModelWallet();
        for (const asked of steps) await step(asked, account, model);
        const [wallet] = await new PgLedgerStore(pool).wallets([account]);
        expect(wallet).toEqual({ available: model.available, held: model.held });
        const lost = `SELECT sum(leg.amount) AS sum FROM ledger.entry AS leg JOIN ledger.credit ON transaction_id = reference
          WHERE leg.account_id = '${PLATFORM.refundLoss}' AND credit.account_id = $1`;
        expect(-(await sumOf(lost, account))).toBe(model.lost);
        const told = `SELECT count(*) AS sum FROM ledger.outbox WHERE subject = 'wallet.v1.balance-low' AND payload->>'accountId' = $1`;
        expect(await sumOf(told, account)).toBe(BigInt(model.told));
        const moves = `SELECT count(*) AS sum FROM ledger.outbox WHERE subject <> 'wallet.v1.balance-low' AND payload->>'accountId' = $1`;
        expect(await sumOf(moves, account)).toBe(BigInt(model.moves.size));
        expect((await verifyLedger(pool)).filter(({ violations }) => violations > 0)).toEqual([]);
      });
      await fc.assert(agrees, { numRuns: RUNS });
    },
    60_000 + RUNS * 1_000,
  );
});
