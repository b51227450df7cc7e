import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';
import { BILLED } from '@bytespike/pricing';

import { table } from '../markdown-table.js';
import type { Cell, JudgedCell } from './run-cells.js';

const CLIENTS = {
  'anthropic-messages': 'Messages',
  'openai-responses': 'Responses',
  'openai-chat': 'Chat',
  'gemini-generate': 'Gemini',
} as const satisfies Record<ProtocolName, string>;

const COLUMNS = [
  { title: 'raw, streaming', lane: 'raw', stream: true },
  { title: 'raw, whole', lane: 'raw', stream: false },
  { title: 'translated, streaming', lane: 'translated', stream: true },
  { title: 'translated, whole', lane: 'translated', stream: false },
] as const;

/** What happened to the clients of one column, said once where they agree. */
function told(cells: readonly JudgedCell[]): string {
  const byWords = new Map<string, ProtocolName[]>();
  for (const { client, saw, rule, pays } of cells) {
    const words = `${saw}: \`${rule}\`, ${pays === 'nothing' ? 'free' : pays}`;
    byWords.set(words, [...(byWords.get(words) ?? []), client]);
  }
  if (byWords.size === 0) return '–';
  const lines = [...byWords].sort(([, one], [, other]) => other.length - one.length);
  const [usual] = lines;
  return lines
    .map(([words, clients]) =>
      words === usual?.[0] ? words : `${clients.map((name) => CLIENTS[name]).join(', ')}: ${words}`,
    )
    .join('; ');
}

function section(title: string, cells: readonly JudgedCell[]): string {
  const own = cells.filter(({ group }) => group === title);
  const rows = [...new Set(own.map(({ fault }) => fault))].map((fault) => [
    fault.says,
    fault.fault === '' ? '' : `\`${fault.fault}\``,
    ...COLUMNS.map(({ lane, stream }) =>
      told(own.filter((cell) => cell.fault === fault && cell.lane === lane && cell.stream === stream)),
    ),
  ]);
  return `## ${title}\n\n${table([['', 'fault', ...COLUMNS.map((column) => column.title)], ...rows])}`;
}

/** The whole report, as `docs/generated/billing-outcomes.md` has it. */
export const billingReport = (cells: readonly JudgedCell[]): string =>
  [
    '<!-- Made by `npm run billing-outcomes`; do not edit. -->',
    '# Billing outcomes',
    'Every way in which a simulated vendor can fail and a client can leave, found by running the platform: what the caller saw, and which row of [the outcome table](outcomes.md) decided. For each cell the balance, the accounting headers, the usage rows and the receipt were compared with what that row bills, to the nano-dollar.',
    `Each fault was met by clients of all four protocols (${PROTOCOL_NAMES.map((name) => CLIENTS[name]).join(', ')}), raw on the wire they speak and translated to another one. A cell says what all of them saw; where some saw something else, they are named behind it. \`–\`: it cannot happen so. What is not free is paid as ${PAID}.`,
    ...[...new Set(cells.map(({ group }) => group))].map((title) => section(title, cells)),
  ].join('\n\n') + '\n';

/** What the words for a charge mean. */
const PAID = (['reported', 'counted', 'delivered'] as const)
  .map((billed) => `\`${billed}\` (${BILLED[billed]})`)
  .join(', ');

const nameOf = ({ fault, client, lane, stream, model }: Cell): string =>
  `${CLIENTS[client]}, ${lane} to ${model}, ${stream ? 'streaming' : 'whole'}: ${fault.says} (${fault.fault})`;

/** Cells in which something moved that must not, or did not that must, one line each. */
export const wrongCells = (cells: readonly JudgedCell[]): readonly string[] =>
  cells.flatMap((cell) => cell.wrong.map((what) => `${nameOf(cell)}: ${what} [${cell.rule}]`));
