import { GatewayError } from '@bytespike/kernel';

/** Where a credential may stand on every route (contract 0.1). */
const CREDENTIAL = 'key';

/**
 * The parameters of a question about money. Throws `invalid-request` for one that is not among `known` or stands twice: a filter
 * that is dropped in silence answers with everybody's sums as if they were one key's.
 */
export function readQuery(text: string, known: readonly string[]): URLSearchParams {
  const query = new URLSearchParams(text);
  for (const name of query.keys()) {
    if (name !== CREDENTIAL && !known.includes(name))
      throw refused(name, `is no parameter here; there are ${known.join(', ')}`);
    if (query.getAll(name).length > 1) throw refused(name, 'stands there twice');
  }
  return query;
}

/** Both names that the documentation has for the key of a row, its id or its mask (contract C3, 11.2). */
export const KEY_FILTERS = ['api_key', 'api_key_id'] as const;

/** Whose rows are asked for; undefined for those of every key. */
export function readKeyFilter(query: URLSearchParams): string | undefined {
  const [one, other] = KEY_FILTERS.map((name) => query.get(name) || undefined);
  if (one !== undefined && other !== undefined && one !== other)
    throw refused('api_key_id', 'names another key than api_key');
  return one ?? other;
}

const refused = (param: string, why: string): GatewayError =>
  new GatewayError('invalid-request', `${param}: ${why}`, { details: { param } });
