import type { Hold } from '@bytespike/contracts';
import type { GroupCommit } from '@bytespike/database';
import { formatUsd, GatewayError } from '@bytespike/kernel';
import type { PriceCandidate } from '@bytespike/pricing';
import { reached } from '@bytespike/service';

import { accountingOf } from './domain/accounting.js';
import {
  mayStartShort,
  outputWithin,
  sizeHold,
  wantedOutput,
  type HoldRequest,
  type SizedHold,
} from './domain/size-hold.js';
import type { Grants } from './grants.js';
import type { HoldResult, StoredHold, Wallet } from './ledger-store.js';
import type { PriceBook } from './price-book.js';

export interface AdmissionPorts {
  readonly prices: PriceBook;
  readonly holds: GroupCommit<SizedHold, HoldResult>;
  readonly wallets: GroupCommit<string, Wallet>;
  readonly grants: Pick<Grants, 'carve' | 'admitted' | 'giveBack'>;
}

/** How often a stream may be cut to what is affordable while others spend from the same wallet. */
const SHRINKS_MAX = 3;

/** Reserves the worst case of one request, or says why not. Nothing reaches a vendor before this has answered. */
export async function admitHold(request: HoldRequest, ports: AdmissionPorts): Promise<Hold> {
  if (request.operation === 'count') return admitFree(request, ports);
  const candidates = await ports.prices.candidates(request.priceVersions);
  let hold = sizeHold(request, candidates, wantedOutput(request));
  const admission = ports.grants.carve(hold);
  if (admission) {
    reached('ledger.hold.carved');
    return { ...answer(admission.hold, admission.wallet), carved: admission.carved };
  }
  for (let shrinks = 0; ; shrinks += 1) {
    const result = await holdOrGiveBack(hold, ports);
    if (result.kind === 'admitted') {
      ports.grants.admitted(hold, result.wallet);
      return answer(hold, result.wallet);
    }
    if (result.kind === 'known') return answerReplay(hold, result.hold, result.wallet);
    const affordable = outputWithin(request, candidates, result.wallet.available);
    if (!mayStartShort(request, affordable) || shrinks === SHRINKS_MAX)
      throw refusal(request, candidates, result.wallet, affordable);
    hold = sizeHold(request, candidates, Math.min(affordable, hold.maxOutputTokens));
  }
}

/** Nobody is refused for money that a grant of this ledger holds back and no request needs. */
async function holdOrGiveBack(hold: SizedHold, { holds, grants }: AdmissionPorts): Promise<HoldResult> {
  const result = await holds.submit(hold);
  return result.kind === 'refused' && (await grants.giveBack(hold.accountId)) ? holds.submit(hold) : result;
}

/**
 * Counting is free, so it needs no money and leaves no hold: one read of the wallet, shared with whoever asks at the
 * same moment, admits it. A store that cannot answer refuses it too, so that nothing reaches a vendor unadmitted.
 */
async function admitFree(request: HoldRequest, { wallets }: AdmissionPorts): Promise<Hold> {
  const wallet = await wallets.submit(request.accountId);
  return { amount: 0n, basis: 'free', maxOutputTokens: 0, accounting: accountingOf(wallet) };
}

const answer = (hold: Pick<StoredHold, 'amount' | 'basis' | 'maxOutputTokens'>, wallet: Wallet): Hold => ({
  amount: hold.amount,
  basis: hold.basis,
  maxOutputTokens: hold.maxOutputTokens,
  accounting: accountingOf(wallet),
});

/** The same request gets the same answer; another one under its id, or one that is over, must not run on it. */
function answerReplay(hold: SizedHold, stored: StoredHold, wallet: Wallet): Hold {
  if (stored.inputHash !== hold.inputHash)
    throw new GatewayError('conflict', 'This request id is in use for another request.');
  if (stored.state !== 'held') throw new GatewayError('conflict', 'The request with this id is over.');
  return answer(stored, wallet);
}

function refusal(
  request: HoldRequest,
  candidates: readonly PriceCandidate[],
  wallet: Wallet,
  affordable: number,
): GatewayError {
  const needed = sizeHold(request, candidates, wantedOutput(request));
  const facts = `It may cost up to ${formatUsd(needed.amount)} USD (${needed.basis}); ${formatUsd(wallet.available)} USD is available.`;
  const advice = affordable > 0 ? ` With a max_tokens of at most ${affordable} it would fit.` : '';
  return new GatewayError('insufficient-credit', `The balance does not cover this request. ${facts}${advice}`, {
    details: {
      accounting: accountingOf(wallet),
      ...(affordable > 0 && { maxOutputTokensAffordable: affordable }),
    },
  });
}
