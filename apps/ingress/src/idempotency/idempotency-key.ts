import { GatewayError } from '@bytespike/kernel';

import type { IncomingHeaders } from '../domain/client-headers.js';

const HEADER = 'Idempotency-Key';
const CHARACTERS_MAX = 255;
const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * The name a caller gave its request, so that asking twice is asking once; undefined without the header. Errors:
 * `invalid-request` for one that is empty, too long or not printable ASCII.
 */
export function readIdempotencyKey(headers: IncomingHeaders): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  const key = typeof given === 'string' ? given : given.join(', ');
  if (key.length > CHARACTERS_MAX || !PRINTABLE.test(key))
    throw new GatewayError('invalid-request', `${HEADER}: must be 1 to ${CHARACTERS_MAX} printable ASCII characters`, {
      details: { param: HEADER },
    });
  return key;
}
