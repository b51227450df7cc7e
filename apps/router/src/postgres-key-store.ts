import type { Pool } from '@bytespike/database';
import { inSpan } from '@bytespike/telemetry';

import type { KeyRecord } from './domain/admit-key.js';
import { capsOf, type AccountCap, type KeyCaps } from './domain/caps-of.js';
import { concurrencyOf } from './domain/concurrency-of.js';
import { compileIpRules } from './domain/ip-rules.js';
import { KeyStore } from './key-store.js';

interface KeyRow extends KeyCaps {
  readonly id: string;
  readonly account_id: string;
  readonly account_kind: 'individual' | 'organisation';
  readonly tier: KeyRecord['principal']['tier'];
  readonly concurrency: number | null;
  readonly paused: boolean;
  readonly hint: string;
  readonly group_id: number;
  readonly member_id: string | null;
  readonly status: KeyRecord['status'];
  readonly policy: KeyRecord['principal']['policy'];
  readonly expires_at: Date | null;
  readonly ip_allow: readonly string[];
  readonly ip_deny: readonly string[];
  /** Of its account, its member's among them and no other's, as JSON: amounts are text. */
  readonly caps: readonly AccountCap[];
}

/** Prepared once per connection: outside the ledger this is the only statement that every request may need. */
const FIND_BY_DIGEST = {
  name: 'router-key-by-digest',
  text: `SELECT k.id, k.account_id, a.kind AS account_kind, a.tier, a.concurrency, a.paused, k.hint, k.group_id, k.member_id, k.status,
                k.policy, k.expires_at, k.ip_allow, k.ip_deny, k.quota, k.rate_limit_5h, k.rate_limit_1d, k.rate_limit_7d,
                ARRAY(SELECT jsonb_build_object('subject', c.subject, 'span', c.span, 'amount', c.amount::text)
                        FROM identity.cap c WHERE c.account_id = k.account_id
                         AND (c.subject NOT LIKE 'member:%' OR c.subject = 'member:' || k.member_id)
                       ORDER BY c.subject, c.span) AS caps
           FROM identity.api_key k JOIN identity.account a ON a.id = k.account_id
          WHERE k.digest = $1`,
};

/** Reads console-api's tables; the router never writes there. */
export class PostgresKeyStore extends KeyStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  override findByDigest(digest: string): Promise<KeyRecord | undefined> {
    return inSpan('store', { kind: 'client', attributes: { 'db.system.name': 'postgresql' } }, async () => {
      const { rows } = await this.pool.query<KeyRow>({ ...FIND_BY_DIGEST, values: [digest] });
      return rows[0] && toRecord(rows[0]);
    });
  }

  /** Called by Nest when the application closes. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

const toRecord = (row: KeyRow): KeyRecord => ({
  principal: {
    keyId: row.id,
    accountId: row.account_id,
    ...(row.account_kind === 'organisation' && { organisationId: row.account_id }),
    groupId: String(row.group_id),
    keyHint: row.hint,
    policy: row.policy,
    tier: row.tier,
    ...concurrencyOf(row.tier, row.concurrency),
    ...(row.member_id !== null && { memberId: row.member_id }),
    caps: capsOf(row.id, row, row.caps),
  },
  status: row.status,
  expiresAt: row.expires_at?.getTime(),
  paused: row.paused,
  ipRules: compileIpRules(row.ip_allow, row.ip_deny),
});
