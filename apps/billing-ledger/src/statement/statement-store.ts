import type { Ending, Movement, ReceiptCorrection, ReceiptEntry, UsageFact, UsageSums } from '@bytespike/contracts';
import type { NanoUsd, PicoUsd, Usage } from '@bytespike/kernel';

import type { FreeEnd } from '../domain/free-end.js';
import type { HoldState } from '../domain/settlement.js';
import type { UsageSelection } from '../domain/usage-selection.js';

/** How a request went, as its usage row or its free end keeps it. */
export interface RequestEnd {
  readonly ending: Ending;
  readonly rule: string;
  readonly flags: readonly string[];
  readonly model: string;
  readonly protocol: string;
  readonly keyHint: string;
  readonly attempts: UsageFact['outcome']['attempts'];
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly endedAt: number;
  /** Absent when it was free. */
  readonly billed?: { readonly units: Usage; readonly costPico: PicoUsd; readonly priceVersion: string };
}

/** What the book says about one request. At least one of hold and end is there. */
export interface RequestRecord {
  readonly requestId: string;
  readonly hold?: {
    readonly state: HoldState;
    readonly amount: NanoUsd;
    readonly basis: string;
    readonly grantId?: string;
    readonly charged: NanoUsd;
    readonly overrun: NanoUsd;
    readonly model?: string;
  };
  readonly end?: RequestEnd;
  readonly entries: readonly ReceiptEntry[];
  readonly corrections: readonly ReceiptCorrection[];
}

/** One bucket of usage as the store sums it; only what was grouped by is there. */
export interface UsageSum extends UsageSums {
  /** Local time at which the day or the hour begins, and how far it is ahead of UTC. */
  readonly local?: string;
  readonly offsetSeconds?: number;
  readonly model?: string;
  readonly keyId?: string;
  readonly keyHint?: string;
}

export interface MovementsQuery {
  readonly accountId: string;
  readonly kind?: Movement['kind'] | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface WalletFacts {
  readonly available: NanoUsd;
  readonly held: NanoUsd;
  readonly lifetimeTopup: NanoUsd;
  readonly lifetimeSpent: NanoUsd;
  readonly lowAt?: NanoUsd;
  readonly isLow: boolean;
}

/** The book as its customers read it. Methods reject with `unavailable` when the store cannot answer. */
export abstract class StatementStore {
  /** Keeps how free operations went, for their receipts: nothing else writes of them. May be repeated. */
  abstract keepFree(ends: readonly FreeEnd[]): Promise<void>;
  abstract request(accountId: string, requestId: string): Promise<RequestRecord | undefined>;
  /** In the order of time, then of name; at most `selection.limit`. */
  abstract usageSums(selection: UsageSelection): Promise<readonly UsageSum[]>;
  abstract movements(query: MovementsQuery): Promise<{ readonly items: Movement[]; readonly total: number }>;
  abstract wallet(accountId: string): Promise<WalletFacts>;
  /** What an account has spent in its life, by model. */
  abstract spentByModel(accountId: string): Promise<{ model: string; cost: NanoUsd }[]>;
}
