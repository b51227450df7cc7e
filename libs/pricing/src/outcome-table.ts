import type { StatedOutcome } from '@bytespike/contracts';
import type { Usage } from '@bytespike/kernel';

/** What the table reads of a finished request. */
export type OutcomeFact = Pick<
  StatedOutcome,
  'ending' | 'finish' | 'usage' | 'usageSource' | 'quarantined' | 'contentStarted' | 'deliveredOutput' | 'failure'
>;

/**
 * What is billed:
 * - `nothing`: the hold is voided and no usage row is written;
 * - `reported`: the vendor's usage;
 * - `counted`: our own count, because a clean answer came without usage;
 * - `delivered`: the whole input, and the output that had reached the caller.
 */
export type Billed = 'nothing' | 'reported' | 'counted' | 'delivered';

/** Marks a receipt carries when its numbers are not simply the vendor's. */
export type ReceiptFlag = 'estimated' | 'counted' | 'quarantined';

interface Row {
  readonly rule: string;
  /** For people: receipts and the documentation print it. */
  readonly says: string;
  readonly bills: Billed;
  readonly flag?: ReceiptFlag;
}

interface ConditionalRow extends Row {
  readonly when: (fact: OutcomeFact) => boolean;
}

/** Conditions are asked in order; the last row has none, so every outcome has exactly one row. */
type Rows = readonly [...(readonly ConditionalRow[]), Row];

const hasOutput = ({ output = 0, reasoning = 0, imageOutput = 0, audioOutput = 0 }: Usage): boolean =>
  output + reasoning + imageOutput + audioOutput > 0;

const isDoubted = (fact: OutcomeFact): boolean => fact.quarantined === true;

const DOUBTED = {
  rule: 'quarantined',
  when: isDoubted,
  bills: 'nothing',
  flag: 'quarantined',
  says: 'The usage was negative or did not reconcile: free, and an operator looks at it.',
} as const satisfies ConditionalRow;

/** Contract 0.5, 8.2 and 8.3: how each way a request can end is billed. The last frame of its stream decides. */
export const OUTCOME_TABLE = {
  failed: [{ rule: 'failed', bills: 'nothing', says: 'The vendor failed, refused or answered with an error: free.' }],
  truncated: [{ rule: 'truncated', bills: 'nothing', says: 'The answer broke off at the vendor: free.' }],
  cancelled: [
    {
      rule: 'cancelled-before-content',
      when: (fact) => !fact.contentStarted,
      bills: 'nothing',
      says: 'You left before the first content arrived: free.',
    },
    DOUBTED,
    {
      rule: 'cancelled-after-content',
      bills: 'delivered',
      flag: 'estimated',
      says: 'You left after content had begun: the input, and the output delivered until then.',
    },
  ],
  complete: [
    {
      rule: 'error-in-answer',
      when: (fact) => fact.failure !== undefined,
      bills: 'nothing',
      says: 'The vendor said 200 and sent an error: free.',
    },
    DOUBTED,
    {
      rule: 'refused-before-content',
      when: (fact) => fact.finish === 'refusal' && !fact.contentStarted,
      bills: 'nothing',
      says: 'The vendor refused before any content: free. A refusal in words is an answer.',
    },
    {
      rule: 'empty',
      when: (fact) => !fact.contentStarted && fact.deliveredOutput === 0 && !hasOutput(fact.usage ?? {}),
      bills: 'nothing',
      says: 'Nothing was generated: free.',
    },
    {
      rule: 'complete',
      when: (fact) => fact.usageSource === 'vendor' && fact.usage !== undefined,
      bills: 'reported',
      says: 'A complete answer: the usage the vendor reported.',
    },
    {
      rule: 'complete-without-usage',
      bills: 'counted',
      flag: 'counted',
      says: 'A complete answer without reported usage: our own count, marked as such.',
    },
  ],
} as const satisfies Record<OutcomeFact['ending'], Rows>;

/** The row that decides for one outcome. */
export function rowFor(fact: OutcomeFact): Row {
  const rows: Rows = OUTCOME_TABLE[fact.ending];
  return rows.find((row) => !('when' in row) || row.when(fact)) ?? rows[rows.length - 1] ?? OUTCOME_TABLE.failed[0];
}
