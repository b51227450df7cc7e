import { MemberId, StoredText, type ApiKey } from '@bytespike/contracts';
import { formatUsd, GatewayError, parseUsd, type JsonValue } from '@bytespike/kernel';
import { z } from 'zod';

/** A USD amount as customers write it: a number or a decimal string; exact either way, zero is unlimited. */
const Usd = z
  .union([z.string(), z.number()], 'must be an amount in USD, such as 25 or "25.00"')
  .transform((amount, context) => {
    try {
      const nano = parseUsd(String(amount));
      if (nano >= 0n) return nano;
    } catch (cause) {
      context.addIssue(`is not an amount: ${cause instanceof Error ? cause.message : ''}`);
      return z.NEVER;
    }
    context.addIssue('must not be negative');
    return z.NEVER;
  });

const Ranges = z.array(StoredText).max(200);

/** The documented fields (contract 3.1). Unknown ones are refused: a misspelt limit would be no limit. */
const Fields = z.strictObject({
  name: StoredText.min(1).max(100),
  group_id: z.number().int(),
  quota: Usd.optional(),
  rate_limit_5h: Usd.optional(),
  rate_limit_1d: Usd.optional(),
  rate_limit_7d: Usd.optional(),
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

export const readNewKey = (body: JsonValue): NewKeyFields => read(NewKey, body);
export const readKeyChange = (body: JsonValue): KeyChangeFields => read(KeyChange, body);

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

function read<S extends z.ZodType>(schema: S, body: JsonValue): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new GatewayError('invalid-request', problems.join('; '));
}
