import type { billing, Hold, HoldRequest } from '@bytespike/contracts';
import { formatUsd, GatewayError, type ErrorKind } from '@bytespike/kernel';
import type { z } from 'zod';

import { outputWithin, sizeHold, wantedOutput } from './domain/size-hold.js';
import type { Grants } from './grants.js';
import type { ExtendResult, ExtensionRefused, LedgerStore } from './ledger-store.js';
import type { PriceBook } from './price-book.js';

export interface ExtensionPorts {
  readonly prices: PriceBook;
  readonly store: Pick<LedgerStore, 'extend'>;
  readonly grants: Pick<Grants, 'giveBack'>;
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
  const candidates = await ports.prices.candidates(request.priceVersions);
  let hold = sizeHold(request, candidates, wantedOutput(request));
  for (let shrinks = 0; ; shrinks += 1) {
    const result = await extendOrGiveBack(hold, request, ports);
    if (result.kind === 'extended') return told(hold);
    if (result.kind === 'over') throw new GatewayError('conflict', 'There is no open hold for this request.');
    const affordable = outputWithin(request, candidates, result.amount + result.room);
    const isWorth = affordable >= Math.min(result.maxOutputTokens + EXTENSION_TOKENS_MIN, wantedOutput(request));
    if (!isWorth || shrinks === SHRINKS_MAX) throw refusal(result);
    hold = sizeHold(request, candidates, Math.min(affordable, hold.maxOutputTokens));
  }
}

const told = ({ amount, basis, maxOutputTokens }: Pick<Hold, keyof Extension>): Extension => ({
  amount,
  basis,
  maxOutputTokens,
});

/** Nobody's answer is ended for money that a grant of this ledger holds back and no request needs. */
async function extendOrGiveBack(
  hold: ReturnType<typeof sizeHold>,
  { accountId, caps }: HoldRequest,
  { store, grants }: ExtensionPorts,
): Promise<ExtendResult> {
  const result = await store.extend(hold, caps);
  return result.kind === 'refused' && (await grants.giveBack(accountId)) ? store.extend(hold, caps) : result;
}

/** What ends an answer, by what it ran into; the words reach the caller at the end of the stream. */
const KINDS = {
  wallet: 'insufficient-credit',
  life: 'quota-exceeded',
  '5h': 'spend-window',
  '1d': 'spend-window',
  '7d': 'spend-window',
} as const satisfies Record<ExtensionRefused['limitedBy'], ErrorKind>;

const LIMITS = {
  wallet: 'balance',
  life: 'quota',
  '5h': 'limit of 5 hours',
  '1d': 'limit of a day',
  '7d': 'limit of 7 days',
} as const satisfies Record<ExtensionRefused['limitedBy'], string>;

const refusal = ({ limitedBy, amount, maxOutputTokens }: ExtensionRefused): GatewayError =>
  new GatewayError(
    KINDS[limitedBy],
    `The ${LIMITS[limitedBy]} covers no more of this answer: ${formatUsd(amount)} USD are held for it, which pays for ${maxOutputTokens} output tokens. What was delivered is charged.`,
  );
