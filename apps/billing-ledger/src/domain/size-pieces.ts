import type { Hold, MediaUnits } from '@bytespike/contracts';
import { GatewayError, PIECE_CLASSES } from '@bytespike/kernel';
import { piecesUpperBound, pricesPieces, type PriceCandidate } from '@bytespike/pricing';

/** What a render holds, and would hold: all of its pieces at the dearest target of the plan. */
export function sizeOfPieces(units: MediaUnits, candidates: readonly PriceCandidate[]): Pick<Hold, 'amount' | 'basis'> {
  const unpriced = candidates.find(({ prices }) => !pricesPieces(prices, units));
  if (unpriced) throw new GatewayError('unavailable', `price version ${unpriced.id} has no price for what is made`);
  const { amount, dearest } = piecesUpperBound(units, candidates);
  return { amount, basis: [...piecesOf(units), `price=${dearest}`].join(' ') };
}

/** In words for a header, and for what tells a request from another: `seconds=8`. */
export const piecesOf = (units: MediaUnits = {}): readonly string[] =>
  PIECE_CLASSES.flatMap((piece) => (units[piece] ? [`${piece}=${units[piece]}`] : []));
