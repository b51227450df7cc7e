import type { Pool } from '@bytespike/database';

import type { Invariant } from './invariant.js';
import { INVARIANTS, PROVED_ELSEWHERE } from './invariants.js';
import { scanBook } from './scan-book.js';

export interface Finding extends Pick<Invariant, 'id' | 'law'> {
  readonly violations: number;
  /** The first few, in words. */
  readonly samples: readonly string[];
}

const SAMPLES_MAX = 5;

/** Checks every invariant. Full scans, so for an operator, a test or a slow clock, not for a request. */
export function verifyLedger(pool: Pool): Promise<readonly Finding[]> {
  return scanBook(pool, async (scan) => {
    const findings: Finding[] = [];
    for (const { id, law, violations } of INVARIANTS) {
      const rows = await scan<{ what: string; total: bigint }>(
        `SELECT what, count(*) OVER () AS total FROM (${violations}) AS violation LIMIT ${SAMPLES_MAX}`,
      );
      findings.push({ id, law, violations: Number(rows[0]?.total ?? 0n), samples: rows.map(({ what }) => what) });
    }
    return findings;
  });
}

/** What `verifyLedger` found, one line per law with its count, for people. */
export function describeFindings(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ id, law, violations, samples }) => [
    `${violations === 0 ? 'ok    ' : 'BROKEN'} ${id.padEnd(4)} ${String(violations).padStart(4)}  ${law}`,
    ...samples.map((sample) => `                   ${sample}`),
  ]);
  const elsewhere = PROVED_ELSEWHERE.map(({ id, law, by }) => `-      ${id.padEnd(4)}    -  ${law} Proved by ${by}.`);
  const broken = findings.filter(({ violations }) => violations > 0).length;
  return [
    ...lines,
    ...elsewhere,
    broken === 0 ? 'The ledger balances.' : `${broken} of ${findings.length} invariants are broken.`,
  ].join('\n');
}
