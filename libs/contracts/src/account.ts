import { z } from 'zod';

import { rpc } from './define.js';
import { NanoUsd } from './money.js';
import { StoredText } from './text.js';

/** Who in an organisation uses a key: an id of the organisation's own, which the platform compares and never resolves. */
export const MemberId = StoredText.regex(
  /^[\x21-\x7e]{1,100}$/,
  'must be up to 100 printable characters without blanks',
);

/** A key as its owner sees it: never the secret. */
export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  keyHint: z.string(),
  groupId: z.number().int(),
  group: z.string(),
  status: z.enum(['active', 'disabled', 'revoked', 'expired']),
  /** Zero means unlimited. */
  quota: NanoUsd,
  rateLimit5h: NanoUsd,
  rateLimit1d: NanoUsd,
  rateLimit7d: NanoUsd,
  ipAllow: z.array(z.string()),
  ipDeny: z.array(z.string()),
  policy: z.enum(['warn', 'strict']),
  memberId: z.string().optional(),
  createdAt: z.number().int(),
  expiresAt: z.number().int().optional(),
});
export type ApiKey = z.output<typeof ApiKey>;

const KeySettings = z.object({
  name: StoredText.min(1).max(100),
  groupId: z.number().int(),
  quota: NanoUsd.optional(),
  rateLimit5h: NanoUsd.optional(),
  rateLimit1d: NanoUsd.optional(),
  rateLimit7d: NanoUsd.optional(),
  /** Null is never, and takes an expiry away. */
  expiresInDays: z.number().int().min(1).max(3650).nullable().optional(),
  ipAllow: z.array(z.string()).max(200).optional(),
  ipDeny: z.array(z.string()).max(200).optional(),
  policy: z.enum(['warn', 'strict']).optional(),
  /** The member whose caps hold for the key; null takes it from them again. */
  memberId: MemberId.nullable().optional(),
});

const Owner = z.object({ accountId: z.string() });

/** An account as dashboards show it. */
export const AccountProfile = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['individual', 'organisation']),
  tier: z.enum(['free', 'pro', 'max', 'enterprise']),
  createdAt: z.number().int(),
  /** What single models may cost in the account's life. */
  modelCaps: z.array(z.object({ model: z.string(), limit: NanoUsd })),
});
export type AccountProfile = z.output<typeof AccountProfile>;

/** The account surface: served by console-api, opened to the gateway's host by ingress (contract 0.8). */
export const account = {
  /** Whose management key or operator token this is. Errors: `unauthenticated`, `unavailable`; `forbidden` for an account that is paused. */
  authenticate: rpc({
    subject: 'account.v1.authenticate',
    timeoutMs: 2_000,
    input: z.object({ keyDigest: z.string() }),
    output: z.object({ role: z.enum(['management', 'operator']), accountId: z.string().optional(), actor: z.string() }),
  }),
  /** Errors: `not-found`; `forbidden` for an account that is paused. */
  readProfile: rpc({
    subject: 'account.v1.read-profile',
    timeoutMs: 5_000,
    input: Owner,
    output: AccountProfile,
  }),
  createKey: rpc({
    subject: 'account.v1.create-key',
    timeoutMs: 5_000,
    input: Owner.extend({ settings: KeySettings, customKey: z.string().min(24).max(200).optional() }),
    /** The secret is here once and never again. */
    output: z.object({ key: ApiKey, secret: z.string() }),
  }),
  /** Errors: `invalid-request` for a cursor that names no key of the account. */
  listKeys: rpc({
    subject: 'account.v1.list-keys',
    timeoutMs: 5_000,
    input: Owner.extend({ limit: z.number().int().min(1).max(200), cursor: z.string().optional() }),
    output: z.object({ keys: z.array(ApiKey), nextCursor: z.string().optional() }),
  }),
  readKey: rpc({
    subject: 'account.v1.read-key',
    timeoutMs: 5_000,
    input: Owner.extend({ keyId: z.string() }),
    output: z.object({ key: ApiKey }),
  }),
  updateKey: rpc({
    subject: 'account.v1.update-key',
    timeoutMs: 5_000,
    input: Owner.extend({
      keyId: z.string(),
      settings: KeySettings.partial().extend({ status: z.enum(['active', 'disabled']).optional() }),
    }),
    output: z.object({ key: ApiKey }),
  }),
  rotateKey: rpc({
    subject: 'account.v1.rotate-key',
    timeoutMs: 5_000,
    input: Owner.extend({ keyId: z.string() }),
    output: z.object({ key: ApiKey, secret: z.string() }),
  }),
  revokeKey: rpc({
    subject: 'account.v1.revoke-key',
    timeoutMs: 5_000,
    input: Owner.extend({ keyId: z.string() }),
    output: z.object({ key: ApiKey }),
  }),
  /** Groups this account may bind: the public ones and those granted. */
  listGroups: rpc({
    subject: 'account.v1.list-groups',
    timeoutMs: 5_000,
    input: Owner,
    output: z.object({
      groups: z.array(
        z.object({ id: z.number().int(), name: z.string(), description: z.string(), exclusive: z.boolean() }),
      ),
    }),
  }),
};
