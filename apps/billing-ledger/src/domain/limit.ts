import type { Span } from '@bytespike/contracts';
import type { ErrorKind, NanoUsd } from '@bytespike/kernel';

import { isRolling } from './spans.js';
import { roomOf, type CapUse, type Standing } from './standing.js';

/** In which order limits are named when several refuse; within a subject, what lasts longest is last. */
const SUBJECTS = ['key', 'member', 'model', 'account'];
const SPANS: readonly Span[] = ['life', '5h', '1d', '7d'];

/** What refuses a request: its wallet, or a cap. */
export type Limit = 'wallet' | CapUse;

/** The kind of a cap's subject: all before its colon. */
export const subjectKind = ({ cap }: CapUse): string => cap.subject.split(':', 1)[0] ?? cap.subject;

/** Of the limits that a hold of this amount does not fit into, the first in a fixed order. */
export function firstLimit({ wallet, uses }: Standing, amount: NanoUsd): Limit | undefined {
  if (amount > wallet.available) return 'wallet';
  return uses.filter((use) => amount > roomOf(use)).sort((one, other) => rankOf(one) - rankOf(other))[0];
}

/** Contract 0.3: a spend window of the key ends by itself (429); everything else needs somebody to act (402). */
export const kindOf = (limit: Limit): ErrorKind => {
  if (limit === 'wallet') return 'insufficient-credit';
  return subjectKind(limit) === 'key' && isRolling(limit.cap.span) ? 'spend-window' : 'quota-exceeded';
};

const rankOf = (use: CapUse): number => SUBJECTS.indexOf(subjectKind(use)) * SPANS.length + SPANS.indexOf(use.cap.span);
