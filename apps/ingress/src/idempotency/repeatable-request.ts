import type { Operation } from '@bytespike/contracts';

import type { Exchange } from '../http/exchange.js';
import type { GenerationCall } from '../generation-call.js';

/** A request whose caller has named it, and everything that decides its answer. */
export interface RepeatableRequest {
  readonly clientKey: string;
  readonly keyId: string;
  /** A name means something on one route only; every way of writing an address is the same route. */
  readonly route: string;
  /** What decides the answer besides the body, in a fixed order. */
  readonly settings: readonly unknown[];
  readonly body: Uint8Array;
  readonly stream: boolean;
  readonly operation?: Operation;
}

/**
 * A text request as its repeats must be to be the same one. What only describes the client (its software, its count of
 * retries, its trace) differs between a request and its repeat, and decides nothing.
 */
export function repeatableCall(
  { request }: Pick<Exchange, 'request'>,
  call: Pick<GenerationCall, 'keyId' | 'protocol' | 'operation' | 'stream' | 'clientBody' | 'headers' | 'query'>,
  { clientKey, model }: { readonly clientKey: string; readonly model: string | undefined },
): RepeatableRequest {
  const { keyId, protocol, operation, stream, clientBody, headers, query } = call;
  return {
    ...{ clientKey, keyId, stream, operation },
    route: `${protocol} ${operation}`,
    settings: [
      model ?? null,
      stream,
      query,
      Object.entries(headers).sort(([one], [other]) => (one < other ? -1 : 1)),
      String(request.headers['x-gateway-policy'] ?? ''),
      String(request.headers['x-gateway-allow'] ?? ''),
    ],
    body: clientBody,
  };
}
