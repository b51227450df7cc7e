import type { SizedHold } from './size-hold.js';

/** Whose spending holds are, and every cap they meet: what those have in common that are counted and granted together. */
export type Likeness = Pick<SizedHold, 'accountId' | 'keyId' | 'memberId' | 'model' | 'caps'>;

/** The same name for all that is alike, and for nothing else. */
export const likenessOf = ({ accountId, keyId, memberId = '', model = '', caps }: Likeness): string =>
  caps.reduce(
    (name, { subject, span, limit }) => `${name} ${subject} ${span} ${limit}`,
    `${accountId} ${keyId} ${memberId} ${model}`,
  );
