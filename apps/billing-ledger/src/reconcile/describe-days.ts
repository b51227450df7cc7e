import { formatUsd } from '@bytespike/kernel';

import type { ComparedDay } from './compare-days.js';

/** What was compared, a line for each day and model, for people. */
export function describeDays(days: readonly ComparedDay[]): string {
  const rows = days.map((row) => [
    row.beyond.length > 0 ? 'DRIFT' : 'ok',
    row.day,
    row.model,
    both(row, 'inputTokens', String),
    both(row, 'outputTokens', String),
    both(row, 'images', String),
    both(row, 'seconds', String),
    both(row, 'cost', formatUsd),
    row.free.attempts > 0n ? `${row.free.attempts}, at most ${formatUsd(row.free.atMost)}` : '-',
  ]);
  const drifting = days.filter(({ beyond }) => beyond.length > 0).length;
  return [
    ...table([
      ['', 'day', 'model', ...['input', 'output', 'images', 'seconds', 'USD'].map(heading), 'free attempts'],
      ...rows,
    ]),
    drifting === 0 ? 'What the vendor says is what we say.' : `${drifting} of ${days.length} rows drift.`,
  ].join('\n');
}

/** The same for machines; amounts are decimal strings, money in USD. */
export const daysAsJson = (days: readonly ComparedDay[]): string =>
  JSON.stringify(
    days.map(({ vendor, ours, drift, free, ...row }) => ({
      ...row,
      vendor: { ...vendor, cost: formatUsd(vendor.cost) },
      ours: { ...ours, cost: formatUsd(ours.cost) },
      drift: { ...drift, cost: formatUsd(drift.cost) },
      free: { ...free, atMost: formatUsd(free.atMost) },
    })),
    (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    2,
  );

const heading = (name: string): string => `${name}: theirs/ours`;

function both(row: ComparedDay, name: keyof ComparedDay['ours'], format: (amount: bigint) => string): string {
  return `${format(row.vendor[name])}/${format(row.ours[name])}${row.beyond.includes(name) ? ' !' : ''}`;
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
