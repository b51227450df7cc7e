import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';
import { LOSSES, type LossCode } from '@bytespike/ir';

import { table } from '../markdown-table.js';
import { CAPABILITIES, type JudgedCell, type Verdict } from './run-cells.js';
import { TARGETS, type FidelityTarget } from './targets.js';

const CLIENTS = {
  'anthropic-messages': 'Messages',
  'openai-responses': 'Responses',
  'openai-chat': 'Chat',
  'gemini-generate': 'Gemini',
} as const satisfies Record<ProtocolName, string>;

const shown = (verdict: Verdict): string => {
  switch (verdict.kind) {
    case 'pass':
      return 'pass';
    case 'unasked':
      return '–';
    case 'lacking':
      return 'n/a';
    case 'fail':
      return 'FAIL';
    default:
      return `${verdict.kind} ${verdict.codes.join(' ')}`;
  }
};

/** The streaming answer and the whole one, said once where they agree. */
const bothWays = (cells: readonly JudgedCell[]): string => {
  const said = [true, false].map((stream) =>
    cells
      .filter((cell) => cell.stream === stream)
      .map(({ verdict }) => shown(verdict))
      .join(''),
  );
  return said[0] === said[1] ? (said[0] ?? '') : `${said[0]} (whole: ${said[1]})`;
};

function clientSection(client: ProtocolName, cells: readonly JudgedCell[]): string {
  const own = cells.filter((cell) => cell.client === client);
  const rows = CAPABILITIES.map(({ name }) => [
    name,
    ...TARGETS.map((target) => bothWays(own.filter((cell) => cell.target === target && cell.capability.name === name))),
  ]);
  const title = `## ${CLIENTS[client]} clients`;
  return `${title}\n\n${table([['', ...TARGETS.map(({ title: column }) => column)], ...rows])}`;
}

function lossesSection(cells: readonly JudgedCell[]): string {
  const codes = new Set(
    cells.flatMap(({ verdict }) => (verdict.kind === 'loss' || verdict.kind === 'refused' ? verdict.codes : [])),
  );
  const rows = [...codes].sort().map((code) => [code, LOSSES[code as LossCode].what]);
  return `## What the codes say\n\n${table([['code', 'what'], ...rows])}`;
}

/** The whole report, as `docs/generated/fidelity.md` has it. */
export const fidelityReport = (cells: readonly JudgedCell[]): string =>
  [
    '<!-- Made by `npm run fidelity`; do not edit. -->',
    '# Fidelity',
    'What survives between every client protocol (a section each) and every vendor protocol (a column each), found by running the platform against the simulated vendors, streaming and whole. Each cell is judged by what the vendor received and by what the client got.',
    "`pass`: all of it survived. `loss`: declared in `x-gateway-warnings` under this code. `refused`: a 400 that names the place, and the code that `x-gateway-allow` takes to permit it. `–`: the client's dialect has no word for it. `n/a`: the vendor has no such thing on this wire.",
    `The wires: ${TARGETS.map(({ title, vendor, upstream }) => `${title} is ${upstream} at ${vendor}`).join('; ')}.`,
    ...PROTOCOL_NAMES.map((client) => clientSection(client, cells)),
    lossesSection(cells),
  ].join('\n\n') + '\n';

/** One line per pair for the README: how many capabilities pass, are lost and told, or are refused. */
export const compactTable = (cells: readonly JudgedCell[]): string =>
  table([
    ['client', ...TARGETS.map(({ title }) => `to ${title}`)],
    ...PROTOCOL_NAMES.map((client) => [
      CLIENTS[client],
      ...TARGETS.map((target) => counted(cells.filter((cell) => cell.client === client && cell.target === target))),
    ]),
  ]);

function counted(cells: readonly JudgedCell[]): string {
  const count = (kind: Verdict['kind']): number => cells.filter(({ verdict }) => verdict.kind === kind).length / 2;
  return [
    `${count('pass')} pass`,
    ...(['loss', 'refused'] as const).flatMap((kind) => (count(kind) > 0 ? [`${count(kind)} ${kind}`] : [])),
  ].join(', ');
}

/** Cells that neither survived nor were told, one line each. */
export const failures = (
  cells: readonly JudgedCell[],
  target: FidelityTarget,
  client: ProtocolName,
): readonly string[] =>
  cells.flatMap(({ verdict, stream, capability, ...cell }) =>
    verdict.kind === 'fail' && cell.target === target && cell.client === client
      ? [`${capability.name}, ${stream ? 'streaming' : 'whole'}: ${verdict.why}`]
      : [],
  );
