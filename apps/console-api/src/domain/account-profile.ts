import { AccountProfile } from '@bytespike/contracts';

import type { AccountRow } from '../account-store.js';
import type { AccountCap } from './account-cap.js';

const MODEL = 'model:';
const { kind, tier } = AccountProfile.shape;

/** An account as its owner sees it, with what single models may cost in its life. */
export const profileOf = (row: AccountRow, caps: readonly AccountCap[]): AccountProfile => ({
  id: row.id,
  name: row.name,
  kind: kind.parse(row.kind),
  tier: tier.parse(row.tier),
  createdAt: row.createdAt.getTime(),
  modelCaps: caps.flatMap(({ subject, span, amount }) =>
    subject.startsWith(MODEL) && span === 'life' ? [{ model: subject.slice(MODEL.length), limit: amount }] : [],
  ),
});
