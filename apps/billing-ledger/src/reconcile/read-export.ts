import { parseUsd, type NanoUsd, type UsageClass } from '@bytespike/kernel';
import { parse } from 'csv-parse/sync';

/** One row of a vendor's cost export: what it says a model has cost us on a day. */
export interface VendorDay {
  /** ISO date, in UTC. */
  readonly day: string;
  /** As the vendor names it. */
  readonly model: string;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  /** Absent where the export says nothing of what is sold by the piece. */
  readonly images?: bigint;
  readonly seconds?: bigint;
  readonly cost: NanoUsd;
}

/** What is wrong with an export, a line for each fault: nothing of it is imported. */
export class UnreadableExport extends Error {
  override readonly name = 'UnreadableExport';

  constructor(readonly faults: readonly string[]) {
    super(`the export cannot be imported:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

const COLUMNS = ['day', 'model', 'input_tokens', 'output_tokens', 'cost_usd'] as const;

/** Of vendors that make pictures or films; a row of text may leave them empty. */
const PIECES = ['images', 'seconds'] as const satisfies readonly UsageClass[];

/** A year of daily rows for more models than any vendor has; a larger file is another file. */
const ROWS_MAX = 200_000;
const FAULTS_MAX = 20;

interface Line {
  readonly info: { readonly lines: number };
  readonly record: Readonly<Record<string, string>>;
}

/** Reads an export: columns in any order, others ignored. Rows of one day and model are added up. Throws `UnreadableExport`. */
export function readExport(text: string): readonly VendorDay[] {
  const lines = parseLines(text);
  const faults: string[] = [];
  const days = new Map<string, VendorDay>();
  for (const { info, record } of lines) {
    const row = readRow(record, (fault) => faults.push(`line ${info.lines}: ${fault}`));
    const key = `${row.day} ${row.model}`;
    days.set(key, added(days.get(key), row));
  }
  if (faults.length > FAULTS_MAX) faults.splice(FAULTS_MAX, faults.length, `and ${faults.length - FAULTS_MAX} more`);
  if (faults.length > 0) throw new UnreadableExport(faults);
  return [...days.values()];
}

function parseLines(text: string): readonly Line[] {
  let header: readonly string[] = [];
  const columns = (names: readonly string[]): string[] => {
    header = names.map((name) => name.trim().toLowerCase());
    return [...header];
  };
  const lines = tolerantParse(text, columns);
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new UnreadableExport([`line 1: no column ${missing.join(', ')}`]);
  if (lines.length === 0) throw new UnreadableExport(['it has no rows']);
  if (lines.length > ROWS_MAX) throw new UnreadableExport([`it has more than ${ROWS_MAX} rows`]);
  return lines;
}

function tolerantParse(text: string, columns: (names: readonly string[]) => string[]): readonly Line[] {
  try {
    return parse<Line>(text, { bom: true, columns, info: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    // Its message names the line: quoting that does not end, or a row of another length than the header.
    throw new UnreadableExport([error instanceof Error ? error.message : String(error)]);
  }
}

function readRow(record: Readonly<Record<string, string>>, onFault: (fault: string) => void): VendorDay {
  const field = <T>(
    column: (typeof COLUMNS | typeof PIECES)[number],
    read: (text: string) => T | undefined,
    otherwise: T,
  ): T => {
    const value = read(record[column] ?? '');
    if (value === undefined) onFault(`${column} is "${(record[column] ?? '').slice(0, 40)}"`);
    return value ?? otherwise;
  };
  const pieces = PIECES.filter((piece) => record[piece] !== undefined).map(
    (piece) => [piece, field(piece, (text) => readUnits(text === '' ? '0' : text), 0n)] as const,
  );
  return {
    day: field('day', readDay, ''),
    model: field('model', (text) => (/^[\x21-\x7e]{1,200}$/.test(text) ? text : undefined), ''),
    inputTokens: field('input_tokens', readUnits, 0n),
    outputTokens: field('output_tokens', readUnits, 0n),
    ...Object.fromEntries(pieces),
    cost: field('cost_usd', readCost, 0n),
  };
}

function readDay(text: string): string | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? text : undefined;
}

const readUnits = (text: string): bigint | undefined => (/^\d{1,15}$/.test(text) ? BigInt(text) : undefined);

function readCost(text: string): NanoUsd | undefined {
  try {
    const cost = parseUsd(text);
    return cost < 0n ? undefined : cost;
  } catch {
    return undefined;
  }
}

const added = (before: VendorDay | undefined, row: VendorDay): VendorDay =>
  before
    ? {
        ...row,
        inputTokens: before.inputTokens + row.inputTokens,
        outputTokens: before.outputTokens + row.outputTokens,
        ...(row.images !== undefined && { images: (before.images ?? 0n) + row.images }),
        ...(row.seconds !== undefined && { seconds: (before.seconds ?? 0n) + row.seconds }),
        cost: before.cost + row.cost,
      }
    : row;
