import { readMonths } from '../sql/months.js';
import type { Command } from './run-command.js';

const MEGABYTE = 1_048_576n;

/** The months of the book and what is in them. */
export const partitionsCommand: Command = {
  usage: 'partitions',
  options: {},
  run: async ({ pool, say }) => {
    for (const { name, bytes, rows } of await readMonths(pool))
      say(`${`ledger.${name}`.padEnd(26)}${String(rows).padStart(14)} rows${String(bytes / MEGABYTE).padStart(10)} MB`);
    return 0;
  },
};
