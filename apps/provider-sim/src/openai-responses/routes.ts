import { refuse } from '../openai/refuse.js';
import { promptTokens } from '../prompt/segments.js';
import type { Call, JsonReply, Reply, Route } from '../wire/wire.js';
import { createResponse, readResponseRequest } from './create-response.js';
import { responseFrames } from './events.js';
import { OPENAI_RESPONSES } from './openai-responses.js';
import { finalStatus, responseText } from './response-object.js';
import type { StoredResponse } from './stored-responses.js';
import { findResponse, forgetResponse } from './stored-responses.js';

const json = (body: unknown): JsonReply => ({
  type: 'json',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const storedResponse = (call: Call): StoredResponse => {
  const id = call.params['id'] ?? '';
  return findResponse(call, id) ?? refuse(`Response with id '${id}' not found.`, { status: 404 });
};

/** A stored response again, whole or as the stream it was, from any event on. */
const showResponse = (call: Call): Reply => {
  const { draft } = storedResponse(call);
  if (call.query.get('stream') !== 'true') return json(responseText(draft, finalStatus(draft)));
  const after = Number(call.query.get('starting_after') ?? -1);
  const frames = responseFrames(draft, { obfuscates: call.query.get('include_obfuscation') !== 'false' });
  return {
    type: 'stream',
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    frames: frames.slice(after + 1),
  };
};

const deleteResponse = (call: Call): Reply => {
  const stored = storedResponse(call);
  forgetResponse(call, stored);
  return json({ id: stored.draft.id, object: 'response.deleted', deleted: true });
};

const cancelResponse = (call: Call): Reply => {
  const { draft, background } = storedResponse(call);
  if (!background) return refuse('Cannot cancel a synchronous response.');
  return json(responseText(draft, 'cancelled'));
};

const PAGE_MAX = 100;
const PAGE_USUAL = 20;

const listInputItems = (call: Call): Reply => {
  const { input } = storedResponse(call);
  const ordered = call.query.get('order') === 'asc' ? input : input.toReversed();
  const start = ordered.findIndex((item) => item['id'] === call.query.get('after')) + 1;
  const limit = Math.min(PAGE_MAX, Number(call.query.get('limit') ?? PAGE_USUAL));
  const data = ordered.slice(start, start + limit);
  return json({
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: start + limit < ordered.length,
  });
};

/** Counting takes the same body and generates nothing. */
const countInputTokens = (call: Call): Reply => {
  const { conversation } = readResponseRequest(call, OPENAI_RESPONSES);
  return json({ object: 'response.input_tokens', input_tokens: promptTokens(conversation) });
};

/** Codex first asks for a WebSocket; a 426 sends it back to POST. */
const refuseUpgrade = (call: Call): Reply =>
  call.headers.upgrade === undefined
    ? refuse('Method not allowed.', { status: 405 })
    : refuse('Upgrade Required', { status: 426 });

export const RESPONSES_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/v1/responses', handle: (call) => createResponse(call, OPENAI_RESPONSES) },
  { method: 'GET', path: '/v1/responses', handle: refuseUpgrade },
  { method: 'POST', path: '/v1/responses/input_tokens', handle: countInputTokens },
  { method: 'GET', path: '/v1/responses/{id}', handle: showResponse },
  { method: 'DELETE', path: '/v1/responses/{id}', handle: deleteResponse },
  { method: 'POST', path: '/v1/responses/{id}/cancel', handle: cancelResponse },
  { method: 'GET', path: '/v1/responses/{id}/input_items', handle: listInputItems },
];
