import { balanceAtRest, type Customer } from './accounts.js';
import { holdsOf, query, usageOf, verifyLedger } from './ledger.js';
import { eventually } from './platform.js';
import type { Death } from './processes.js';
import type { Witnessed } from './traffic.js';

/** How an account is looked at after rough handling: what its clients saw beside what its ledger says. */
export interface Account {
  readonly customer: Customer;
  /** All that was paid in, in nano-USD. */
  readonly paidIn: bigint;
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
  readonly unchargedAnswers: readonly Uncharged[];
  /** A usage row whose cost is not its units at its prices, or that is there twice. */
  readonly wrongRows: readonly string[];
  /** What was paid in less what usage rows say was paid, minus what the wallet shows now. */
  readonly missing: bigint;
  readonly verified: string;
  /** Facts that transactions have left to be published, and nobody has. */
  readonly unpublished: number;
}

/** An answer that should have been charged, and what became of its hold instead. */
export type Uncharged = Pick<Witnessed, 'wire' | 'requestId' | 'endedAtMs'> & { readonly hold: string };

export const CLEAN: Findings = {
  ...{ spoiled: [], chargedFailures: [], unchargedAnswers: [], wrongRows: [], missing: 0n },
  ...{ verified: 'The ledger balances.', unpublished: 0 },
};

/** A fact is stated when its answer has ended and is stored within tens of milliseconds; a JetStream that is away takes longer. */
const FACT_MS_MAX = 10_000;
/** Facts that a killed ledger had in hand come again after half a minute, those that JetStream has lost after a whole one. */
const REST_MS_MAX = 300_000;

/** Whole answers that are not charged, and whose facts nobody who died may have taken along. */
export async function unchargedAnswers({
  customer,
  readings,
  ingressDeaths,
}: Omit<Account, 'paidIn'>): Promise<readonly Witnessed[]> {
  const charged = new Set((await usageOf(customer.accountId)).map(({ requestId }) => requestId));
  return readings.filter(
    (reading) =>
      reading.verdict === 'whole' &&
      !charged.has(reading.requestId ?? '') &&
      !mayHaveTakenAlong(ingressDeaths, reading),
  );
}

/** Waits until nothing is held back, by the rules and the clocks of the platform alone, and looks into the book. */
export async function auditBook({ customer, paidIn, readings, ingressDeaths }: Account): Promise<Findings> {
  const { available } = await balanceAtRest(customer.key, REST_MS_MAX);
  const usage = await usageOf(customer.accountId);
  const charged = new Set(usage.map(({ requestId }) => requestId));
  const isCharged = ({ requestId }: Witnessed): boolean => requestId !== undefined && charged.has(requestId);
  const of = (...verdicts: readonly string[]) => readings.filter(({ verdict }) => verdicts.includes(verdict));
  const uncharged = await unchargedAnswers({ customer, readings, ingressDeaths });
  const spent = usage.reduce((sum, { cost }) => sum + cost, 0n);
  const unpublished = await factsLeftBehind();
  const { code, said } = await verifyLedger();
  return {
    spoiled: of('spoiled'),
    chargedFailures: of('refused', 'broken-off')
      .filter(isCharged)
      .map(({ requestId }) => requestId),
    unchargedAnswers: await withHolds(uncharged, customer),
    wrongRows: [
      ...usage.filter(({ cost, reckoned }) => cost !== reckoned).map(({ requestId }) => requestId),
      ...(charged.size === usage.length ? [] : ['a request was charged twice']),
    ],
    missing: paidIn - spent - available,
    verified: code === 0 ? (said.trim().split('\n').at(-1) ?? '') : said,
    unpublished,
  };
}

async function withHolds(answers: readonly Witnessed[], { accountId }: Customer): Promise<readonly Uncharged[]> {
  const states = new Map((await holdsOf(accountId)).map((hold) => [hold.request_id, hold.state]));
  return answers.map(({ wire, requestId, endedAtMs }) => {
    const hold = states.get(requestId ?? '') ?? 'none, or carved and never ended';
    return { wire, requestId, endedAtMs, hold };
  });
}

/** How many facts are left in the outbox, once nothing more leaves it. */
async function factsLeftBehind(): Promise<number> {
  const waiting = async (): Promise<number> => (await query(WAITING_FACTS)).length;
  await eventually(async () => ((await waiting()) === 0 ? true : undefined)).catch(() => undefined);
  return waiting();
}

const WAITING_FACTS = 'SELECT id FROM ledger.outbox WHERE published_at IS NULL';

/**
 * Whether the fact of an answer may have died with the ingress that had served it: then it is free, as it should be. What the kernel
 * still held is read by its client after the process has died, however late a busy client comes to it.
 */
const mayHaveTakenAlong = (deaths: readonly Death[], { startedAtMs, endedAtMs }: Witnessed): boolean =>
  deaths.some(({ atMs }) => atMs >= startedAtMs && atMs < endedAtMs + FACT_MS_MAX);
