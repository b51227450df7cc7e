import { formatUsd, GatewayError, type NanoUsd } from '@bytespike/kernel';

import { accountingOf } from './accounting.js';
import { kindOf, subjectKind, type Limit } from './limit.js';
import { isRolling, type RollingSpan } from './spans.js';
import { remainingOf, roomOf, type CapUse, type Standing } from './standing.js';

/** How much of what was asked for the money covers. */
export interface Affordable {
  readonly outputTokens?: number;
  readonly images?: number;
  readonly seconds?: number;
}

export interface Refused {
  readonly standing: Standing;
  readonly limit: Limit;
  /** What the request would need to be held for it, and how that came about. */
  readonly amount: NanoUsd;
  readonly basis: string;
  /** What would fit; empty when nothing does. */
  readonly affordable: Affordable;
  /** Epoch milliseconds; of a window whose settled spend stands in the way. */
  readonly freesAt: number | undefined;
}

/** Holds stand in the way, and some of them may end at any moment. */
const HOLDS_END_IN_MS = 1_000;

/** A refusal says which limit, how much is left and when it frees, and moves nothing. */
export function refusalOf({ standing, limit, amount, basis, affordable, freesAt }: Refused): GatewayError {
  const left = limit === 'wallet' ? standing.wallet.available : roomOf(limit);
  const help = helpOf({ standing, limit, amount, freesAt });
  const facts = `It may cost up to ${formatUsd(amount)} USD (${basis}); ${formatUsd(left)} USD is ${limit === 'wallet' ? 'available' : 'left'}.`;
  const kind = kindOf(limit);
  return new GatewayError(
    kind,
    `The ${nameOf(limit)} does not cover this request. ${facts} ${help}${adviceOf(affordable)}`,
    {
      ...(kind === 'spend-window' && { retryAfterMs: freesAt === undefined ? HOLDS_END_IN_MS : freesAt - standing.at }),
      details: {
        accounting: accountingOf(standing),
        limit: {
          ...(limit === 'wallet'
            ? { subject: 'wallet' }
            : { subject: subjectKind(limit), span: limit.cap.span, limit_usd: formatUsd(limit.cap.limit) }),
          remaining_usd: formatUsd(left),
          ...(freesAt !== undefined && { frees_at: new Date(freesAt).toISOString() }),
        },
        ...(affordable.outputTokens && { maxOutputTokensAffordable: affordable.outputTokens }),
        ...(affordable.images && { imagesAffordable: affordable.images }),
        ...(affordable.seconds && { secondsAffordable: affordable.seconds }),
      },
    },
  );
}

function adviceOf({ outputTokens, images, seconds }: Affordable): string {
  if (outputTokens) return ` With a max_tokens of at most ${outputTokens} it would fit.`;
  if (images) return ` With an n of at most ${images} it would fit.`;
  return seconds ? ` With at most ${seconds} seconds it would fit.` : '';
}

/** What the caller may wait for; where waiting is of no use, who can do something. */
function helpOf({
  standing,
  limit,
  amount,
  freesAt,
}: Pick<Refused, 'standing' | 'limit' | 'amount' | 'freesAt'>): string {
  const { available, held } = standing.wallet;
  if (limit === 'wallet') return amount > available + held ? 'Top up to go on.' : HELD;
  if (amount <= remainingOf(limit)) return HELD;
  if (amount <= limit.cap.limit && freesAt !== undefined) return `More is free at ${new Date(freesAt).toISOString()}.`;
  return subjectKind(limit) === 'key' ? 'Who manages the key can raise it.' : 'An operator can raise it.';
}

const HELD = 'More is free when requests end that run now.';

const WINDOWS = { '5h': '5 hours', '1d': 'a day', '7d': '7 days' } as const satisfies Record<RollingSpan, string>;

const OWNERS: Readonly<Record<string, string>> = {
  key: 'this key',
  member: 'this member',
  model: 'this model',
  account: 'this organisation',
};

/** What a caller calls a limit. */
export const nameOf = (limit: Limit): string => (limit === 'wallet' ? 'balance' : capName(limit));

function capName(use: CapUse): string {
  const { span, limit } = use.cap;
  const owner = OWNERS[subjectKind(use)] ?? use.cap.subject;
  const most = `${formatUsd(limit)} USD`;
  return isRolling(span) ? `limit of ${most} in ${WINDOWS[span]} of ${owner}` : `quota of ${most} of ${owner}`;
}
