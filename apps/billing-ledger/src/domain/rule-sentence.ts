import { BILLED, OUTCOME_TABLE, UNPRICED, type OutcomeRow } from '@bytespike/pricing';

/** Rules that no row of the outcome table states, because no outcome decides them. */
const BESIDE_THE_TABLE = {
  running: 'It is still running, or its end is on its way to the book. What is held is the most that it can cost.',
  expired: `Nobody ever said how it ended. You pay ${BILLED.nothing}.`,
  free: 'Operations of this kind are free.',
  unrecorded: `It ended without a charge. You pay ${BILLED.nothing}.`,
} as const;

const rows: readonly OutcomeRow[] = Object.values(OUTCOME_TABLE).flat();

const SENTENCES: ReadonlyMap<string, string> = new Map([
  ...rows.map(({ rule, says, bills }) => [rule, `${says} You pay ${BILLED[bills]}.`] as const),
  ...Object.entries(UNPRICED).map(([rule, says]) => [rule, `${says} You pay ${BILLED.nothing}.`] as const),
  ...Object.entries(BESIDE_THE_TABLE),
]);

/** A rule in words, for the receipt of whoever pays by it. */
export const ruleSentence = (rule: string): string => SENTENCES.get(rule) ?? BESIDE_THE_TABLE.unrecorded;
