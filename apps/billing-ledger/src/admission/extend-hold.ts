import type { billing, Hold, HoldRequest } from '@bytespike/contracts';
import { formatUsd, GatewayError, type NanoUsd } from '@bytespike/kernel';
import type { z } from 'zod';

import { accountingOf } from '../domain/accounting.js';
import { firstLimit, kindOf } from '../domain/limit.js';
import { nameOf } from '../domain/refusal.js';
import { outputWithin, sizeHold, wantedOutput, type SizedHold } from '../domain/size-hold.js';
import { isHeldUp, leastRoom } from '../domain/standing.js';
import type { Grants } from './grants.js';
import { SecondLooks } from './second-looks.js';
import type { ExtendResult, ExtensionRefused, LedgerStore } from '../store/ledger-store.js';
import type { PriceBook } from '../prices/price-book.js';

export interface ExtensionPorts {
  readonly prices: PriceBook;
  readonly store: Pick<LedgerStore, 'extend'>;
  readonly grants: Pick<Grants, 'giveBack'>;
  /** How long is waited before each further look at what only open holds refuse. */
  readonly looksAgainMs: readonly number[];
}

type Extension = z.output<(typeof billing.extend)['output']>;

/** Less than this is not worth a commit, and the next words would ask again. */
const EXTENSION_TOKENS_MIN = 256;

/** How often an extension is cut to what is left while others spend from the same wallet. */
const SHRINKS_MAX = 3;

/**
 * Raises the hold of a stream that started short (contract 0.5): to all that was asked for if there is room, else as far
 * as there is. It is rare, so it is a transaction of its own and not part of a batch.
 */
export async function extendHold(request: HoldRequest, ports: ExtensionPorts): Promise<Extension> {
  if (request.units) throw new GatewayError('conflict', 'A render holds all that it can cost from the beginning.');
  const candidates = await ports.prices.candidates(request.priceVersions);
  let hold = sizeHold(request, candidates, wantedOutput(request));
  const looks = new SecondLooks(ports.looksAgainMs);
  let shrinks = 0;
  for (;;) {
    const result = await extendOrGiveBack(hold, ports);
    if (result.kind === 'extended') return told(hold);
    if (result.kind === 'over') throw new GatewayError('conflict', 'There is no open hold for this request.');
    const affordable = outputWithin(request, candidates, result.hold.amount + leastRoom(result));
    const least = Math.min(result.hold.maxOutputTokens + EXTENSION_TOKENS_MIN, wantedOutput(request));
    const isKeptOut = affordable < least;
    // What it holds itself is among what would be free.
    if (isKeptOut && isHeldUp(result, sizeHold(request, candidates, least).amount) && (await looks.next())) continue;
    if (isKeptOut || shrinks === SHRINKS_MAX) throw refusal(result, hold.amount);
    shrinks += 1;
    hold = sizeHold(request, candidates, affordable);
  }
}

const told = ({ amount, basis, maxOutputTokens }: Pick<Hold, keyof Extension>): Extension => ({
  amount,
  basis,
  maxOutputTokens,
});

/** Nobody's answer is ended for money that a grant of this ledger holds back and no request needs. */
async function extendOrGiveBack(hold: SizedHold, { store, grants }: ExtensionPorts): Promise<ExtendResult> {
  const result = await store.extend(hold);
  return result.kind === 'refused' && (await grants.giveBack(hold.accountId)) ? store.extend(hold) : result;
}

/** Why an answer ends here; the words reach the caller behind what was delivered. */
function refusal({ hold, ...standing }: ExtensionRefused, wanted: NanoUsd): GatewayError {
  const limit = firstLimit(standing, wanted - hold.amount);
  if (!limit) return new GatewayError('unavailable', 'too many ask for the same money at once');
  const facts = `${formatUsd(hold.amount)} USD are held for it, which pays for ${hold.maxOutputTokens} output tokens`;
  return new GatewayError(kindOf(limit), `The ${nameOf(limit)} covers no more of this answer: ${facts}.`, {
    details: { accounting: accountingOf(standing) },
  });
}
