import type { StatedOutcome } from '@bytespike/contracts';
import { ERROR_KINDS, PIECE_CLASSES, type ErrorTraits, type Usage } from '@bytespike/kernel';

/** What the table reads of a finished request. */
export type OutcomeFact = Pick<
  StatedOutcome,
  | 'ending'
  | 'finish'
  | 'usage'
  | 'usageSource'
  | 'quarantined'
  | 'contentStarted'
  | 'deliveredOutput'
  | 'outputUnwanted'
  | 'failure'
>;

/** What is billed, and in words for those who pay. */
export const BILLED = {
  nothing: 'nothing',
  reported: 'what the vendor reports',
  pieces: 'for each picture that reached you, or each whole second of film that was made',
  counted: 'what we counted',
  delivered: 'the input, and the output that had reached you, by our count and rounded down',
} as const;
export type Billed = keyof typeof BILLED;

/** Marks a receipt carries when its numbers are not simply the vendor's. */
export type ReceiptFlag = 'estimated' | 'counted' | 'quarantined';

/** One way in which a request may end, and what it bills. */
export interface OutcomeRow {
  readonly rule: string;
  /** How it ended, for people: receipts and the documentation print it. */
  readonly says: string;
  readonly bills: Billed;
  readonly flag?: ReceiptFlag;
}

interface ConditionalRow extends OutcomeRow {
  readonly when: (fact: OutcomeFact) => boolean;
}

/** Conditions are asked in order; the last row has none, so every outcome has exactly one row. */
type Rows = readonly [...(readonly ConditionalRow[]), OutcomeRow];

/** Pictures and sound are content that is counted by its vendor alone. */
const hasMedia = ({ imageOutput = 0, audioOutput = 0 }: Usage): boolean => imageOutput + audioOutput > 0;

/** Whether an answer says and shows nothing, whatever was thought on the way. */
const isEmpty = ({ contentStarted, deliveredOutput, usage = {} }: OutcomeFact): boolean =>
  !contentStarted && deliveredOutput === 0 && !hasMedia(usage);

/** Whether what was made of a prompt is what was asked for, which is nothing, and its vendor says what that took. */
const hasOnlyRead = ({ outputUnwanted, usageSource, usage }: OutcomeFact): boolean =>
  outputUnwanted === true && usageSource === 'vendor' && usage !== undefined && !usage.output && !usage.reasoning;

/** Whether whole pictures, or whole seconds of film, were made. */
const hasPieces = ({ usage = {} }: OutcomeFact): boolean => PIECE_CLASSES.some((piece) => Boolean(usage[piece]));

const isFaultOf =
  (fault: ErrorTraits['fault']) =>
  ({ failure }: OutcomeFact): boolean =>
    failure !== undefined && ERROR_KINDS[failure.kind].fault === fault;

const isDoubted = (fact: OutcomeFact): boolean => fact.quarantined === true;

const DOUBTED = {
  rule: 'quarantined',
  when: isDoubted,
  bills: 'nothing',
  flag: 'quarantined',
  says: 'The usage the vendor reported was negative or did not add up; an operator looks at it.',
} as const satisfies ConditionalRow;

/** Contract 0.5, 8.2 and 8.3: how each way a request can end is billed. The last frame of its stream decides. */
export const OUTCOME_TABLE = {
  failed: [
    {
      rule: 'undelivered',
      when: hasPieces,
      bills: 'nothing',
      says: 'It was made, and we could not hand it over to you.',
    },
    {
      rule: 'refused',
      when: ({ failure }) => failure?.kind === 'upstream-refused' || failure?.kind === 'upstream-blocked',
      bills: 'nothing',
      says: 'The vendor refused the request, for safety or because of what was asked.',
    },
    {
      rule: 'unservable',
      when: isFaultOf('client'),
      bills: 'nothing',
      says: 'The request could not be served as it stood: too long for the model, or more than the model can do.',
    },
    {
      rule: 'failed-by-us',
      when: isFaultOf('gateway'),
      bills: 'nothing',
      says: 'We failed, had nobody to ask, or were going down.',
    },
    { rule: 'failed', bills: 'nothing', says: 'The vendor failed, was too slow, limited our rate, or made no sense.' },
  ],
  truncated: [
    {
      rule: 'broken-off-by-us',
      when: isFaultOf('gateway'),
      bills: 'nothing',
      says: 'We broke the answer off after it had begun: we failed, or were going down.',
    },
    { rule: 'truncated', bills: 'nothing', says: 'The answer broke off at the vendor after it had begun.' },
  ],
  cancelled: [
    {
      rule: 'cancelled-before-content',
      // A film is made behind its caller's back: what is stated of one has been made, whether or not any of it was seen.
      when: (fact) => !fact.contentStarted && !hasPieces(fact),
      bills: 'nothing',
      says: 'You left before the first content had arrived.',
    },
    DOUBTED,
    {
      rule: 'cancelled-when-made',
      when: hasPieces,
      bills: 'pieces',
      says: 'You left, or cancelled, when some of it had been made that is billed.',
    },
    {
      rule: 'cancelled-after-content',
      bills: 'delivered',
      flag: 'estimated',
      says: 'You left after content had begun to arrive.',
    },
  ],
  cut: [
    {
      rule: 'cut-before-content',
      when: (fact) => !fact.contentStarted,
      bills: 'nothing',
      says: 'Your own limit was reached before the first content had arrived.',
    },
    DOUBTED,
    {
      rule: 'cut-at-own-limit',
      bills: 'delivered',
      flag: 'estimated',
      says: 'A stream that had started with what was affordable reached your own limit: balance, quota or window.',
    },
  ],
  complete: [
    {
      rule: 'error-in-answer',
      when: (fact) => fact.failure !== undefined,
      bills: 'nothing',
      says: 'The vendor said 200 and sent an error.',
    },
    DOUBTED,
    {
      rule: 'refused-before-content',
      when: (fact) => fact.finish === 'refusal' && !fact.contentStarted,
      bills: 'nothing',
      says: 'The vendor refused before any content. A refusal in words is an answer like any other.',
    },
    {
      rule: 'unusable',
      when: (fact) => fact.finish === 'unusable',
      bills: 'nothing',
      says: 'The vendor said that what its model answered cannot be used: a broken call of a tool, for example.',
    },
    {
      rule: 'made',
      when: hasPieces,
      bills: 'pieces',
      says: 'Pictures or a film: all of it, or what of it could be made.',
    },
    {
      rule: 'cache-filled',
      when: (fact) => isEmpty(fact) && hasOnlyRead(fact),
      bills: 'reported',
      says: 'You asked for no output, and its vendor read the prompt into its cache.',
    },
    {
      rule: 'empty',
      when: isEmpty,
      bills: 'nothing',
      says: 'The answer was empty, whatever the model thought on the way.',
    },
    {
      rule: 'complete',
      when: (fact) => fact.usageSource === 'vendor' && fact.usage !== undefined,
      bills: 'reported',
      says: 'A whole answer.',
    },
    {
      rule: 'complete-without-usage',
      bills: 'counted',
      flag: 'counted',
      says: 'A whole answer whose vendor did not say what it used.',
    },
  ],
} as const satisfies Record<OutcomeFact['ending'], Rows>;

/** What becomes of an answer whose row bills something that cannot be priced: nothing, and an operator looks at it. */
export const UNPRICED = {
  'no-price': 'The catalogue has no price for what answered.',
  unbelievable: 'The reported usage would cost more than any request can.',
} as const;

/** The row that decides for one outcome. */
export function rowFor(fact: OutcomeFact): OutcomeRow {
  const rows: Rows = OUTCOME_TABLE[fact.ending];
  return rows.find((row) => !('when' in row) || row.when(fact)) ?? rows[rows.length - 1] ?? OUTCOME_TABLE.failed[3];
}
