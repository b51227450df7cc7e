import type { HandlersFor, storedResponses, StreamSink } from '@bytespike/contracts';
import { refuseLosses } from '@bytespike/ir';
import { GatewayError, isJsonObject, LIMITS, tryParseJson, type JsonObject } from '@bytespike/kernel';
import { readBody, readSseRecord } from '@bytespike/protocols';

import { warningsOf } from '../warnings.js';
import { expandBody, notFound, referencedIds, resolvedInput, shown, type Leaning } from './expand-body.js';
import { inputPage } from './input-page.js';
import { responseStream } from './response-stream.js';
import type { StoredResponseStore } from './stored-response-store.js';
import { inputItems, isReference, isStoredId, responseObject, storedResponse, type StoredTurn } from './stored-turn.js';

type Handlers = HandlersFor<typeof storedResponses>;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** State of the Responses protocol, for one key at a time. */
export const storedResponseHandlers = (store: StoredResponseStore): Handlers => ({
  async expand({ input: { keyId, operation, policy, allow }, body }, sink) {
    const request = requestOf(decoder.decode(body));
    const expanded = expandBody(request, await leaningOf(request, keyId, store), operation);
    if (operation === 'generate') refuseLosses(expanded.losses, { policy, allow }, 'the gateway');
    await send(sink, expanded.body);
    const { previous_response_id: previousResponseId } = request;
    const warnings = warningsOf(expanded.losses);
    return { ...(isStoredId(previousResponseId) && { previousResponseId }), warnings };
  },

  async remember({ input: { keyId, requestBytes, answer }, body = new Uint8Array() }) {
    if (body.length > LIMITS.storedResponseBytesMax) return { result: 'too-large' };
    const request = requestOf(decoder.decode(body.subarray(0, requestBytes)));
    const told = body.subarray(requestBytes);
    const response = answer === 'record' ? responseOfRecord(told) : tryParseJson(decoder.decode(told));
    const stored = storedResponse(request, await ownInput(request, keyId, store), response);
    if (!stored) return { result: 'unreadable' };
    await store.keep({ keyId, ...stored });
    return { result: 'kept' };
  },

  async read({ input: { keyId, responseId, form, startingAfter } }, sink) {
    const response = responseObject(await found(store.find(keyId, responseId), responseId));
    if (form === 'body') await send(sink, response);
    else await sendText(sink, responseStream(response, startingAfter));
    return {};
  },

  async listInputItems({ input: { keyId, responseId, ...asked } }, sink) {
    const { turn } = await found(store.find(keyId, responseId), responseId);
    await send(sink, inputPage(turn, asked));
    return {};
  },

  async forget({ keyId, responseId }) {
    await found(store.forget(keyId, responseId), responseId);
    return {};
  },
});

const send = (sink: StreamSink<object>, value: JsonObject): Promise<void> => sendText(sink, JSON.stringify(value));

async function sendText(sink: StreamSink<object>, text: string): Promise<void> {
  const bytes = encoder.encode(text);
  if (bytes.length > LIMITS.textBodyBytesMax)
    throw new GatewayError(
      'too-large',
      `The conversation is larger than the limit of ${LIMITS.textBodyBytesMax} bytes: start a new one.`,
    );
  await sink.head({});
  await sink.data(bytes);
}

function requestOf(text: string): JsonObject {
  const body = readBody(text);
  if (!isJsonObject(body)) throw new GatewayError('invalid-request', 'The body is not a JSON object.');
  return body;
}

/** The last record of a stream holds the whole response (protocols 1.2). */
function responseOfRecord(record: Uint8Array): JsonObject['response'] {
  const event = tryParseJson(readSseRecord(record).data ?? '');
  return isJsonObject(event) ? event.response : undefined;
}

async function found<T>(looking: Promise<T | undefined>, responseId: string): Promise<T> {
  const value = await looking;
  if (value === undefined || value === false)
    throw new GatewayError('not-found', `Response with id '${shown(responseId)}' not found.`);
  return value;
}

const CHAIN_LIMITS = { turnsMax: LIMITS.storedChainLengthMax, bytesMax: LIMITS.textBodyBytesMax };

async function leaningOf(body: JsonObject, keyId: string, store: StoredResponseStore): Promise<Leaning> {
  const previous = body.previous_response_id;
  const [chain, holders] = await Promise.all([
    previous === undefined || previous === null ? [] : chainOf(previous, keyId, store),
    store.holders(keyId, referencedIds(body)),
  ]);
  return { chain, holders };
}

async function chainOf(previous: unknown, keyId: string, store: StoredResponseStore): Promise<readonly StoredTurn[]> {
  const chain = isStoredId(previous) ? await store.chain(keyId, previous, CHAIN_LIMITS) : { state: 'missing' as const };
  switch (chain.state) {
    case 'whole':
      return chain.turns;
    case 'missing':
      return notFound('previous_response_id', `Previous response with id '${shown(previous)}' not found.`);
    case 'broken':
      return notFound(
        'previous_response_id',
        `A response that '${shown(previous)}' goes on from was not found: it was deleted, or is older than ${LIMITS.storedResponseDays} days. Send the whole input instead.`,
      );
    case 'long':
      throw new GatewayError(
        'invalid-request',
        `previous_response_id: the conversation has more than ${CHAIN_LIMITS.turnsMax} turns. Send the whole input instead.`,
        { details: { param: 'previous_response_id' } },
      );
    case 'large':
      throw new GatewayError(
        'too-large',
        `The conversation of previous_response_id is larger than the limit of ${CHAIN_LIMITS.bytesMax} bytes.`,
      );
  }
}

/** What a request itself brought. References are replaced, so that what they name may be forgotten elsewhere. */
async function ownInput(
  request: JsonObject,
  keyId: string,
  store: StoredResponseStore,
): Promise<ReturnType<typeof inputItems>> {
  const items = inputItems(request.input);
  if (!items.some(isReference)) return items;
  return resolvedInput(request, { chain: [], holders: await store.holders(keyId, referencedIds(request)) });
}
