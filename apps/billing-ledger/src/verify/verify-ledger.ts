import type { Pool } from '@bytespike/database';

import { INVARIANTS, type Invariant } from './invariants.js';

export interface Finding extends Pick<Invariant, 'id' | 'law'> {
  readonly violations: number;
  /** The first few, in words. */
  readonly samples: readonly string[];
}

const SAMPLES_MAX = 5;

/**
 * Checks every invariant against one consistent view of the book, while it is in use: readers do not block writers.
 * Full scans, so for an operator, a test or a slow clock, not for a request.
 */
export async function verifyLedger(pool: Pool): Promise<readonly Finding[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('SET LOCAL statement_timeout = 0');
    const findings: Finding[] = [];
    for (const { id, law, violations } of INVARIANTS) {
      const counted = `SELECT what, count(*) OVER () AS total FROM (${violations}) AS violation LIMIT ${SAMPLES_MAX}`;
      const { rows } = await client.query<{ what: string; total: bigint }>(counted);
      findings.push({ id, law, violations: Number(rows[0]?.total ?? 0n), samples: rows.map(({ what }) => what) });
    }
    await client.query('COMMIT');
    return findings;
  } finally {
    // Whatever state a broken verification left the session in, nobody else gets it.
    client.release(new Error('verification is over'));
  }
}

/** What `verifyLedger` found, one line per law, for people. */
export function describeFindings(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ id, law, violations, samples }) => [
    `${violations === 0 ? 'ok    ' : 'BROKEN'} ${id.padEnd(4)} ${law}${violations === 0 ? '' : ` ${violations} violations:`}`,
    ...samples.map((sample) => `         ${sample}`),
  ]);
  const broken = findings.filter(({ violations }) => violations > 0).length;
  return [
    ...lines,
    broken === 0 ? 'The ledger balances.' : `${broken} of ${findings.length} invariants are broken.`,
  ].join('\n');
}
