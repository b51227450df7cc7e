import type { ApiKey } from '@bytespike/contracts';

/** A row of identity.api_key, without what nobody outside needs. */
export interface KeyRow {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly digest: string;
  readonly hint: string;
  readonly groupId: number;
  readonly status: string;
  readonly quota: bigint;
  readonly rateLimit5h: bigint;
  readonly rateLimit1d: bigint;
  readonly rateLimit7d: bigint;
  readonly ipAllow: string[];
  readonly ipDeny: string[];
  readonly policy: string;
  readonly memberId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A key as its owner sees it at `now`: an expired key says so, whatever its stored status. */
export const viewKey = (row: KeyRow, groupName: string, now: number): ApiKey => ({
  id: row.id,
  name: row.name,
  keyHint: row.hint,
  groupId: row.groupId,
  group: groupName,
  status: statusAt(row, now),
  quota: row.quota,
  rateLimit5h: row.rateLimit5h,
  rateLimit1d: row.rateLimit1d,
  rateLimit7d: row.rateLimit7d,
  ipAllow: row.ipAllow,
  ipDeny: row.ipDeny,
  policy: row.policy === 'strict' ? 'strict' : 'warn',
  ...(row.memberId !== null && { memberId: row.memberId }),
  createdAt: row.createdAt.getTime(),
  ...(row.expiresAt && { expiresAt: row.expiresAt.getTime() }),
});

function statusAt(row: KeyRow, now: number): ApiKey['status'] {
  if (row.status === 'revoked' || row.revokedAt) return 'revoked';
  if (row.expiresAt && row.expiresAt.getTime() <= now) return 'expired';
  return row.status === 'disabled' ? 'disabled' : 'active';
}
