import type { ClientFor, storedResponses } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { authenticate, type AuthenticationPorts } from './authenticate.js';
import { readPageSize, type PageSizes } from './domain/page-size.js';
import { collected } from './expand-call.js';
import { JSON_TYPE, type WrittenBody } from './http/answer-json.js';
import type { Exchange } from './http/exchange.js';

export interface StoredResponsePorts extends AuthenticationPorts {
  readonly storedResponses: ClientFor<typeof storedResponses>;
}

/**
 * `GET /v1/responses/{id}`: as its client was told of it, for the key that asked; told again as a stream if asked to.
 * Whatever `include` names is in it, because nothing was left out when it was kept.
 */
export async function readResponse(exchange: Exchange, ports: StoredResponsePorts): Promise<WrittenBody> {
  const { keyId } = await authenticate(exchange, ports);
  const { resource: responseId, context } = exchange;
  const query = new URLSearchParams(exchange.query);
  const isStream = query.get('stream') === 'true';
  const startingAfter = isStream ? readStart(query) : undefined;
  const input = {
    ...{ keyId, responseId, form: isStream ? ('stream' as const) : ('body' as const) },
    ...(startingAfter !== undefined && { startingAfter }),
  };
  const { bytes } = await collected((sink) => ports.storedResponses.read({ input }, sink, context));
  return { bytes, contentType: isStream ? 'text/event-stream; charset=utf-8' : JSON_TYPE };
}

/** The number of the last event that the client has. */
function readStart(query: URLSearchParams): number | undefined {
  const text = query.get('starting_after');
  if (text === null || text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new GatewayError('invalid-request', 'starting_after: must be the number of an event', {
    details: { param: 'starting_after' },
  });
}

export async function deleteResponse(exchange: Exchange, ports: StoredResponsePorts): Promise<object> {
  const { keyId } = await authenticate(exchange, ports);
  const { resource: responseId, context } = exchange;
  await ports.storedResponses.forget({ keyId, responseId }, context);
  return { id: responseId, object: 'response.deleted', deleted: true };
}

const ITEM_PAGE: PageSizes = { usual: 20, max: 100, beyond: 'refused' };

/** `GET /v1/responses/{id}/input_items`: what the response itself was asked, newest first unless told otherwise. */
export async function listInputItems(exchange: Exchange, ports: StoredResponsePorts): Promise<WrittenBody> {
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
  return { bytes, contentType: JSON_TYPE };
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
