import { parseArgs, type ParseArgsConfig } from 'node:util';

import { readEnv, urlField, type Environment } from '@bytespike/config';
import { createPool, type Pool } from '@bytespike/database';
import { z } from 'zod';

import { LEDGER_ROLE } from '../store/ledger-pool.js';

/** As long as a scan of the whole book may take. */
const STATEMENT_MS_MAX = 600_000;

/** How to call it was not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command leaves with: 0 all is well, 1 something is not; that nobody can tell is 2. */
export type Verdict = 0 | 1;

export interface Call {
  readonly pool: Pool;
  /** Options by name, a flag being `true`; the word beside them. */
  readonly option: (name: string) => string;
  readonly has: (name: string) => boolean;
  readonly word: string | undefined;
  readonly say: (text: string) => void;
}

export interface Command {
  /** What follows `npm run ledger --`. */
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Whether one word may stand beside the options. */
  readonly takesWord?: true;
  readonly run: (call: Call) => Promise<Verdict>;
}

/** Runs one of the operators' commands as the ledger's role; answers the code to exit with. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  environment: Environment,
): Promise<0 | 1 | 2> {
  try {
    const { values, positionals } = readArguments(command, args);
    const { DATABASE_URL } = readEnv(z.object({ DATABASE_URL: urlField('postgresql', 'postgres') }), environment);
    const settings = { max: 1, statementTimeoutMs: STATEMENT_MS_MAX, applicationName: 'ledger-operator' };
    const pool = createPool(DATABASE_URL, { ...settings, session: { role: LEDGER_ROLE } });
    try {
      return await command.run({
        pool,
        option: (name) => textOf(values[name], name),
        has: (name) => values[name] !== undefined,
        word: positionals[0],
        say: (text) => void process.stdout.write(`${text}\n`),
      });
    } finally {
      await pool.end();
    }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const usage = error instanceof UsageError ? `\nusage: npm run ledger -- ${command.usage}` : '';
    process.stderr.write(`${words}${usage}\n`);
    return 2;
  }
}

function readArguments({ options, takesWord }: Command, args: readonly string[]) {
  const parsed = parseStrictly(options, args);
  const tooMuch = parsed.positionals[takesWord ? 1 : 0];
  if (tooMuch !== undefined) throw new UsageError(`what is '${tooMuch}' for?`);
  return parsed;
}

function parseStrictly(options: Command['options'], args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}
