import { readFile } from 'node:fs/promises';

import { isVendorName, vendorNames } from '@bytespike/catalog';
import { formatUsd } from '@bytespike/kernel';

import { UsageError, type Command } from '../operators/run-command.js';
import { compareDays, type Ppm, type Tolerance } from './compare-days.js';
import { daysAsJson, describeDays } from './describe-days.js';
import { readExport } from './read-export.js';
import { importVendorCost } from '../sql/vendor-cost.js';
import { readVendorUsage } from '../sql/vendor-usage.js';

const TOLERANCE_PERCENT = '1';
const PPM_PER_PERCENT_DIGITS = 4;

/** Imports what a vendor says that it will bill, and compares it with what was delivered. Exit 1 when something drifts. */
export const reconcileCommand: Command = {
  usage: 'reconcile --vendor NAME --file EXPORT.csv [--tolerance PERCENT] [--cost-tolerance PERCENT] [--json]',
  options: {
    vendor: { type: 'string' },
    file: { type: 'string' },
    tolerance: { type: 'string' },
    'cost-tolerance': { type: 'string' },
    json: { type: 'boolean' },
  },
  run: async ({ pool, option, has, say }) => {
    const vendor = option('vendor');
    // What is booked stays in the book: a slip of the pen would owe money to nobody.
    if (!isVendorName(vendor)) throw new UsageError(`no such vendor: ${vendor}; there are ${vendorNames.join(', ')}`);
    const tokens = readPercent(has('tolerance') ? option('tolerance') : TOLERANCE_PERCENT);
    const tolerance: Tolerance = {
      tokens,
      cost: has('cost-tolerance') ? readPercent(option('cost-tolerance')) : tokens,
    };
    const days = readExport(await readFile(option('file'), 'utf8'));
    const booked = await importVendorCost(pool, vendor, days);
    const dates = days.map(({ day }) => day).sort();
    const usage = await readVendorUsage(pool, vendor, { from: dates[0] ?? '', until: dates.at(-1) ?? '' });
    const compared = compareDays(days, usage, tolerance);
    if (!has('json')) say(`imported ${days.length} rows of ${vendor}: ${formatUsd(booked)} USD more are owed`);
    say(has('json') ? daysAsJson(compared) : describeDays(compared));
    return compared.some(({ beyond }) => beyond.length > 0) ? 1 : 0;
  },
};

/** `"0.5"` percent are 5,000 millionths. */
function readPercent(text: string): Ppm {
  const [, whole, fraction = ''] = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new UsageError(`a tolerance is a percentage such as 0.5, not ${text}`);
  return BigInt(whole + fraction.padEnd(PPM_PER_PERCENT_DIGITS, '0'));
}
