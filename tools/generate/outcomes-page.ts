import { LIMITS } from '@bytespike/kernel';
import {
  BILLED,
  outcomeCharge,
  OUTCOME_CASES,
  OUTCOME_TABLE,
  UNPRICED,
  type OutcomeCase,
  type OutcomeRow,
} from '@bytespike/pricing';

/** The outcome table, as those who pay read it. */
export function outcomesPage(): string {
  return [
    '# What a request costs, by how it ended',
    '',
    `One pure function decides (\`outcomeCharge\` of \`libs/pricing\`), and this page is made from its table. A request holds the most it can cost before anything reaches a vendor (${LIMITS.searchCallsUsual} searches where it offers its vendor's own and does not bound it), and ends in exactly one row. It is charged at the price it was sold at and never more than was held; what a vendor takes beyond that is our loss. A failure bills nothing: the hold is released, no header moves, and no usage row is written.`,
    '',
    ...endings(),
    '## When more than one vendor was asked',
    '',
    '| what happened | you pay |',
    '|---|---|',
    '| a target failed and another one answered | the one that answered, at its own price, be it dearer or cheaper, and never more than was held; nothing for the attempts that failed |',
    '| the same target was asked again and then answered | one answer |',
    '| a vendor paused and was asked to go on | one answer, with the usage of all its rounds |',
    '| every target failed | nothing |',
    '',
    '## Case by case',
    '',
    'What the public contract promises (the section is named), looked up in the table above.',
    '',
    '| case | contract | you pay | mark | row |',
    '|---|---|---|---|---|',
    ...OUTCOME_CASES.map(caseLine),
    '',
    '## What the marks mean',
    '',
    '- `estimated`: the output is our own count, four bytes to a token and rounded down; the input is what the vendor had reported, else our estimate of it.',
    '- `counted`: the whole usage is our own count.',
    '- `quarantined`: the numbers cannot be believed. It costs nothing unless an operator decides otherwise, in a transaction of its own that says why.',
  ].join('\n');
}

const ENDINGS = {
  complete: 'The answer ended as it should',
  failed: 'It failed',
  truncated: 'It broke off',
  cancelled: 'You left',
  cut: 'Your own limit ended it',
} as const satisfies Record<keyof typeof OUTCOME_TABLE, string>;

/** Rows are asked from top to bottom, and the first that fits decides. */
function endings(): readonly string[] {
  const unpriced = Object.entries(UNPRICED).map(([rule, says]) =>
    line([says, BILLED.nothing, '`quarantined`', `\`${rule}\``]),
  );
  return Object.entries(ENDINGS).flatMap(([ending, title]) => [
    `## ${title}`,
    '',
    '| how | you pay | mark | row |',
    '|---|---|---|---|',
    ...OUTCOME_TABLE[ending as keyof typeof ENDINGS].map(rowLine),
    ...(ending === 'complete' ? unpriced : []),
    '',
  ]);
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const rowLine = ({ says, bills, flag, rule }: OutcomeRow): string =>
  line([says, BILLED[bills], flag ? `\`${flag}\`` : '', `\`${rule}\``]);

/** Any price does: which row decides and what it bills do not depend on it. */
const PRICED = { inputTokensEstimate: 1_000, prices: { input: 1n, output: 1n, images: 1n, seconds: 1n } };

function caseLine({ what, promised, fact }: OutcomeCase): string {
  const { rule, billed, flags } = outcomeCharge(fact, PRICED);
  return line([what, promised, BILLED[billed], flags.map((flag) => `\`${flag}\``).join(' '), `\`${rule}\``]);
}
