import type { ClientFor, storedResponses } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { authenticate, type AuthenticationPorts } from './authenticate.js';
import { readPageSize, type PageSizes } from './domain/page-size.js';
import { collected } from './expand-call.js';
import type { Exchange } from './http/exchange.js';

export interface StoredResponsePorts extends AuthenticationPorts {
  readonly storedResponses: ClientFor<typeof storedResponses>;
}

/**
 * `GET /v1/responses/{id}`: as its client was told of it, for the key that asked. Whatever `include` names is in it,
 * because nothing was left out when it was kept.
 */
export async function readResponse(exchange: Exchange, ports: StoredResponsePorts): Promise<Uint8Array> {
  const { keyId } = await authenticate(exchange, ports);
  if (new URLSearchParams(exchange.query).get('stream') === 'true')
    throw new GatewayError('unsupported', 'stream: a stored response is not played again. Read it whole.', {
      details: { param: 'stream' },
    });
  const { resource: responseId, context } = exchange;
  const { bytes } = await collected((sink) =>
    ports.storedResponses.read({ input: { keyId, responseId } }, sink, context),
  );
  return bytes;
}

export async function deleteResponse(exchange: Exchange, ports: StoredResponsePorts): Promise<object> {
  const { keyId } = await authenticate(exchange, ports);
  const { resource: responseId, context } = exchange;
  await ports.storedResponses.forget({ keyId, responseId }, context);
  return { id: responseId, object: 'response.deleted', deleted: true };
}

const ITEM_PAGE: PageSizes = { usual: 20, max: 100, beyond: 'refused' };

/** `GET /v1/responses/{id}/input_items`: what the response itself was asked, newest first unless told otherwise. */
export async function listInputItems(exchange: Exchange, ports: StoredResponsePorts): Promise<Uint8Array> {
  const { keyId } = await authenticate(exchange, ports);
  const { resource: responseId, context } = exchange;
  const query = new URLSearchParams(exchange.query);
  const after = query.get('after');
  const input = {
    ...{ keyId, responseId, order: readOrder(query) },
    limit: readPageSize(query, 'limit', ITEM_PAGE),
    ...(after !== null && after !== '' && { after }),
  };
  const { bytes } = await collected((sink) => ports.storedResponses.listInputItems({ input }, sink, context));
  return bytes;
}

function readOrder(query: URLSearchParams): 'asc' | 'desc' {
  const order = query.get('order') ?? 'desc';
  if (order === 'asc' || order === 'desc') return order;
  throw new GatewayError('invalid-request', 'order: must be asc or desc', { details: { param: 'order' } });
}

/** Only an answer made in the background can be cancelled, and none is. */
export async function cancelResponse(exchange: Exchange, ports: StoredResponsePorts): Promise<object> {
  await authenticate(exchange, ports);
  throw new GatewayError('unsupported', 'Only background responses can be cancelled, and none are made here.');
}
