import type { Counter } from './standing.js';

/** Whose spending a hold is. */
export interface Spender {
  readonly keyId: string;
  readonly memberId?: string | undefined;
  readonly model?: string | undefined;
}

/** Every subject whose counters a hold is in, be they capped now or later. */
export const subjectsOf = ({ keyId, memberId, model }: Spender): readonly string[] => [
  'account',
  `key:${keyId}`,
  ...(memberId === undefined ? [] : [`member:${memberId}`]),
  ...(model === undefined ? [] : [`model:${model}`]),
];

/** Tells counters apart. A subject has no spaces in it. */
export const counterName = ({ accountId, subject, span }: Counter): string => `${accountId} ${subject} ${span}`;
