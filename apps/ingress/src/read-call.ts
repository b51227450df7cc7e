import type { Operation, Principal } from '@bytespike/contracts';
import { LIMITS, type ProtocolName } from '@bytespike/kernel';
import { peekBody } from '@bytespike/protocols';

import { forwardedHeaders, forwardedQuery } from './domain/client-headers.js';
import { allowedLosses, lossPolicy } from './domain/loss-policy.js';
import type { GenerationCall } from './generation-call.js';
import type { Exchange } from './http/exchange.js';
import type { OpenExchanges } from './http/open-exchanges.js';
import { readBody } from './http/read-body.js';
import type { Timings } from './http/timings.js';

export interface CallPorts {
  readonly exchanges: Pick<OpenExchanges, 'reserve'>;
  readonly timings: Timings;
}

/** What a route and its address say before the body is read; Gemini says model and stream there. */
export interface GenerationRoute {
  readonly protocol: ProtocolName;
  readonly operation: Operation;
  readonly model?: string;
  readonly stream?: boolean;
}

/** Reads the body and peeks at what policy needs; the bytes are kept. Errors: those of `readBody`, `invalid-request`. */
export async function readCall(
  exchange: Exchange,
  route: GenerationRoute,
  { policy, accountId, keyId }: Pick<Principal, 'policy' | 'accountId' | 'keyId'>,
  { timings, exchanges }: CallPorts,
): Promise<GenerationCall> {
  const { request, response, requestId, query, context } = exchange;
  const { protocol, operation } = route;
  const reserve = (bytes: number): void => exchanges.reserve(exchange, bytes);
  const limits = { bytesMax: LIMITS.textBodyBytesMax, timeoutMs: timings.bodyReadMs, reserve };
  const body = await readBody(request, response, limits);
  const peeked = peekBody(protocol, body);
  return {
    requestId,
    accountId,
    keyId,
    protocol,
    operation,
    // A count never streams, whatever a body that was meant for generation says.
    stream: operation === 'generate' && (route.stream ?? peeked.stream),
    clientBody: body,
    body,
    peeked,
    headers: forwardedHeaders(protocol, request.headers),
    query: forwardedQuery(query),
    warnings: [],
    policy: lossPolicy(request.headers, policy),
    allow: allowedLosses(request.headers),
    context,
  };
}
