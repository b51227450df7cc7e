import { MemberId, StoredText, type ApiKey } from '@bytespike/contracts';
import { formatUsd, type JsonValue } from '@bytespike/kernel';
import { z } from 'zod';

import { readFields, UsdField } from './read-fields.js';

const Ranges = z.array(StoredText).max(200);

/** The documented fields (contract 3.1); a limit of zero is none. Unknown fields are refused: a misspelt limit would be no limit. */
const Fields = z.strictObject({
  name: StoredText.min(1).max(100),
  group_id: z.number().int(),
  quota: UsdField.optional(),
  rate_limit_5h: UsdField.optional(),
  rate_limit_1d: UsdField.optional(),
  rate_limit_7d: UsdField.optional(),
  expires_in_days: z.number().int().min(1).max(3650).nullish(),
  ip_whitelist: Ranges.optional(),
  ip_blacklist: Ranges.optional(),
  policy: z.enum(['warn', 'strict']).optional(),
  member_id: MemberId.nullish(),
});

const NewKey = Fields.extend({ custom_key: StoredText.min(24).max(200).nullish() });
const KeyChange = Fields.partial().extend({ status: z.enum(['active', 'disabled']).optional() });

export type NewKeyFields = z.output<typeof NewKey>;
export type KeyChangeFields = z.output<typeof KeyChange>;

export const readNewKey = (body: JsonValue): NewKeyFields => readFields(NewKey, body);
export const readKeyChange = (body: JsonValue): KeyChangeFields => readFields(KeyChange, body);

/** The contract's names for what both requests share; what was not sent stays absent. */
export function keySettings(fields: KeyChangeFields) {
  const { quota, rate_limit_5h, rate_limit_1d, rate_limit_7d, expires_in_days, ip_whitelist, ip_blacklist } = fields;
  const { policy, member_id } = fields;
  return {
    ...(quota !== undefined && { quota }),
    ...(rate_limit_5h !== undefined && { rateLimit5h: rate_limit_5h }),
    ...(rate_limit_1d !== undefined && { rateLimit1d: rate_limit_1d }),
    ...(rate_limit_7d !== undefined && { rateLimit7d: rate_limit_7d }),
    ...(expires_in_days !== undefined && { expiresInDays: expires_in_days }),
    ...(ip_whitelist !== undefined && { ipAllow: ip_whitelist }),
    ...(ip_blacklist !== undefined && { ipDeny: ip_blacklist }),
    ...(policy !== undefined && { policy }),
    ...(member_id !== undefined && { memberId: member_id }),
  };
}

/** A key as the account surface prints it; never with its secret. */
export const keyJson = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  key_hint: key.keyHint,
  group_id: key.groupId,
  group: key.group,
  status: key.status,
  quota: formatUsd(key.quota),
  rate_limit_5h: formatUsd(key.rateLimit5h),
  rate_limit_1d: formatUsd(key.rateLimit1d),
  rate_limit_7d: formatUsd(key.rateLimit7d),
  ip_whitelist: key.ipAllow,
  ip_blacklist: key.ipDeny,
  policy: key.policy,
  member_id: key.memberId ?? null,
  created_at: new Date(key.createdAt).toISOString(),
  expires_at: dateOrNull(key.expiresAt),
});

const dateOrNull = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();
