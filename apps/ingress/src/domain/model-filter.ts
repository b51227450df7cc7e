import type { ModelCard } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

/** Filter words are vendors' names; rows carry the families' (contract 4.6). Either is understood. */
const VENDORS: readonly string[] = [
  'anthropic',
  'openai',
  'google',
  'deepseek',
  'moonshot',
  'zhipu',
  'minimax',
  'bytedance',
];

/** Applies `capability` (repeatable, all must hold) and `family`. Throws on a family there is none of. */
export function filterModels(cards: readonly ModelCard[], query: URLSearchParams): readonly ModelCard[] {
  const capabilities = query.getAll('capability').flatMap((word) => word.split(','));
  const family = query.get('family');
  if (family !== null && !VENDORS.includes(family) && !cards.some((card) => card.family === family))
    throw new GatewayError('invalid-request', `family: must be one of ${VENDORS.join(', ')}`, {
      details: { param: 'family' },
    });
  return cards.filter(
    (card) =>
      (family === null || card.vendor === family || card.family === family) &&
      capabilities.every((capability) => card.capabilities.includes(capability)),
  );
}
