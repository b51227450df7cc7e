import { BILLED, OUTCOME_TABLE, UNPRICED, type Billed, type OutcomeRow } from '@bytespike/pricing';

import { balanceAtRest, nano } from '../accounts.js';
import { query } from '../ledger.js';
import { callGateway, eventually } from '../platform.js';

/** What a customer can see of its money. */
export interface Standing {
  readonly available: bigint;
  /** What is left of its window, as every answer's headers say. */
  readonly left: string;
}

export interface Receipt {
  readonly outcome: string;
  readonly rule: string;
  readonly flags: readonly string[];
  readonly lines: readonly { readonly class: string; readonly units: number; readonly price_usd_per_million: string }[];
  readonly total_usd: string;
  readonly overrun_usd: string;
  readonly hold: { readonly amount_usd: string } | null;
  readonly attempts: readonly { readonly kind: string | null; readonly charged: boolean }[];
}

/**
 * How a customer stands once nothing is held for it any more. Headers and body of an answer are read one after the other,
 * so it is asked once more when all has come to rest; and again where the headers, which are a courtesy, were late.
 */
export async function standingOf(key: string): Promise<Standing> {
  await balanceAtRest(key, 20_000);
  return eventually(async () => {
    const response = await callGateway('/v1/balance', { key });
    const { available_usd } = (await response.json()) as { available_usd: string };
    const left = response.headers.get('ratelimit')?.replace(/;t=\d+/g, '');
    return left === undefined ? undefined : { available: nano(available_usd), left };
  });
}

/** The id of an account's newest request, for a client that left before it was told. */
export async function newestRequest(accountId: string): Promise<string> {
  const rows = await query<{ request_id: string }>(
    `SELECT request_id FROM (
      SELECT request_id, created_at FROM ledger.usage WHERE account_id = $1
      UNION ALL SELECT request_id, created_at FROM ledger.unbilled WHERE account_id = $1
    ) AS ended ORDER BY created_at DESC LIMIT 1`,
    [accountId],
  );
  return rows[0]?.request_id ?? '';
}

/** The receipt of a request that has ended. */
export const receiptOf = (key: string, requestId: string): Promise<Receipt> =>
  eventually(async () => {
    const response = await callGateway(`/v1/receipts/${requestId}`, { key });
    if (!response.ok) return undefined;
    const receipt = (await response.json()) as Receipt;
    return receipt.outcome === 'running' ? undefined : receipt;
  }, 20_000);

export async function hasUsageRow(key: string, requestId: string): Promise<boolean> {
  const response = await callGateway('/v1/usage?limit=5', { key });
  const { data } = (await response.json()) as { data: { request_id: string }[] };
  return data.some((row) => row.request_id === requestId);
}

const ROWS: readonly OutcomeRow[] = Object.values(OUTCOME_TABLE).flat();

/** What the outcome table says that a rule bills; a rule it does not have is a mistake of its own. */
export function billedBy(rule: string): Billed {
  if (Object.hasOwn(UNPRICED, rule)) return 'nothing';
  const row = ROWS.find((one) => one.rule === rule);
  if (!row) throw new Error(`the outcome table has no row ${rule}`);
  return row.bills;
}

export const isFree = (rule: string): boolean => BILLED[billedBy(rule)] === BILLED.nothing;

/** The lines of a receipt added up here and not by the ledger: USD per million units are pico-USD per unit, rounded once. */
export function reckon({ lines }: Receipt): bigint {
  const pico = lines.reduce((sum, { units, price_usd_per_million: price }) => {
    const [whole = '', fraction = ''] = price.split('.');
    return sum + BigInt(units) * BigInt(whole + fraction.padEnd(6, '0'));
  }, 0n);
  return (pico + 500n) / 1_000n;
}
