import { balanceAtRest, nano, type Customer } from './accounts.js';
import { usageOf, verifyLedger } from './ledger.js';
import type { Death } from './processes.js';
import type { Witnessed } from './traffic.js';

/** How an account is looked at after rough handling: what its clients saw beside what its ledger says. */
export interface Account {
  readonly customer: Customer;
  readonly walletUsd: string;
  readonly readings: readonly Witnessed[];
  /** Of the process that reports how requests end. */
  readonly ingressDeaths: readonly Death[];
}

/** What must be empty, and what must add up. */
export interface Findings {
  /** Neither a whole answer nor an honest failure. */
  readonly spoiled: readonly Witnessed[];
  /** Its client was told that it failed, and it was charged. */
  readonly chargedFailures: readonly (string | undefined)[];
  /** Whole, not charged, and nobody died who could have taken the fact along. */
  readonly unchargedAnswers: readonly Witnessed[];
  /** A usage row whose cost is not its units at its prices, or that is there twice. */
  readonly wrongRows: readonly string[];
  /** The wallet less what usage rows say was paid, minus what it shows now. */
  readonly missing: bigint;
  readonly verified: string;
}

export const CLEAN: Findings = {
  ...{ spoiled: [], chargedFailures: [], unchargedAnswers: [], wrongRows: [], missing: 0n },
  verified: 'The ledger balances.',
};

/** A fact is stated when its answer has ended and is stored within tens of milliseconds; a JetStream that is away takes longer. */
const FACT_MS_MAX = 10_000;
/** What the kernel still held was read by its client after the process had died. */
const READ_AFTER_DEATH_MS = 1_000;
/** Facts that a killed ledger had in hand come again after half a minute. */
const REST_MS_MAX = 75_000;

/** Waits until nothing is held back, by the rules and the clocks of the platform alone, and looks into the book. */
export async function auditBook({ customer, walletUsd, readings, ingressDeaths }: Account): Promise<Findings> {
  const { available } = await balanceAtRest(customer.key, REST_MS_MAX);
  const usage = await usageOf(customer.accountId);
  const charged = new Set(usage.map(({ requestId }) => requestId));
  const isCharged = ({ requestId }: Witnessed): boolean => requestId !== undefined && charged.has(requestId);
  const of = (...verdicts: readonly string[]) => readings.filter(({ verdict }) => verdicts.includes(verdict));
  const spent = usage.reduce((sum, { cost }) => sum + cost, 0n);
  const { code, said } = await verifyLedger();
  return {
    spoiled: of('spoiled'),
    chargedFailures: of('refused', 'broken-off')
      .filter(isCharged)
      .map(({ requestId }) => requestId),
    unchargedAnswers: of('whole').filter((whole) => !isCharged(whole) && !mayHaveTakenAlong(ingressDeaths, whole)),
    wrongRows: [
      ...usage.filter(({ cost, reckoned }) => cost !== reckoned).map(({ requestId }) => requestId),
      ...(charged.size === usage.length ? [] : ['a request was charged twice']),
    ],
    missing: nano(walletUsd) - spent - available,
    verified: code === 0 ? (said.trim().split('\n').at(-1) ?? '') : said,
  };
}

/** Whether the fact of an answer may have died with the ingress that had served it: then it is free, as it should be. */
const mayHaveTakenAlong = (deaths: readonly Death[], { endedAtMs }: Witnessed): boolean =>
  deaths.some(({ atMs }) => atMs > endedAtMs - READ_AFTER_DEATH_MS && atMs < endedAtMs + FACT_MS_MAX);
