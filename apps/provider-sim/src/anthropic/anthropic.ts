import type { Segment } from '../cache/prompt-cache.js';
import { bearerOf, isAcceptedKey } from '../wire/answer-call.js';
import type { Call, Credentials, Authentication, Wire } from '../wire/wire.js';
import { betasOf, versionOf } from './api-version.js';
import { checkModel } from './check-model.js';
import { checkOrder } from './check-order.js';
import { checkThinking } from './check-thinking.js';
import { countRoute } from './count-route.js';
import { renderAnthropicFailure, renderAnthropicStreamFailure, requestIdOf } from './failure.js';
import { messagesRoute } from './messages-route.js';
import type { MessagesRequest } from './messages-request.js';
import type { ModelCard } from './models.js';
import { findModel } from './models.js';
import { getModelRoute, listModelsRoute } from './models-route.js';
import type { InputUsage, Persona } from './persona.js';
import { checkMessagesShape } from './request-shape.js';
import { refuseAt } from './shape.js';
import { inputTokensOf, segmentsOf } from './usage.js';

const BODY_BYTES_MAX = 32 * 1024 * 1024;
/** Far below the vendor's thousands, so that short test prompts can be cached. */
const CACHED_TOKENS_MIN = 32;
const REQUESTS_PER_MINUTE = 4_000;
const TOKENS_PER_MINUTE = 2_000_000;

const authenticate = (credentials: Credentials): Authentication => {
  const header = credentials.headers['x-api-key'];
  const bearer = bearerOf(credentials);
  const key = typeof header === 'string' ? header : bearer;
  if (isAcceptedKey(key)) return { key };
  const message =
    key === undefined ? 'x-api-key header is required' : key === bearer ? 'Invalid bearer token' : 'invalid x-api-key';
  return { failure: { status: 401, type: 'authentication_error', message } };
};

const headers = (call: Call): Readonly<Record<string, string>> => {
  const reset = new Date(call.nowMs + 60_000).toISOString();
  return {
    'request-id': requestIdOf(call.digest),
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
    'anthropic-ratelimit-requests-limit': String(REQUESTS_PER_MINUTE),
    'anthropic-ratelimit-requests-remaining': String(REQUESTS_PER_MINUTE - 1),
    'anthropic-ratelimit-requests-reset': reset,
    'anthropic-ratelimit-tokens-limit': String(TOKENS_PER_MINUTE),
    'anthropic-ratelimit-tokens-remaining': String(TOKENS_PER_MINUTE),
    'anthropic-ratelimit-tokens-reset': reset,
  };
};

const inputUsage = (segments: readonly Segment[], call: Call, model: string): InputUsage => {
  const account = call.memory.promptCache.accountExplicitly({
    scope: `${call.vendor} ${call.key} ${model}`,
    segments,
    tokensMin: CACHED_TOKENS_MIN,
    nowMs: call.nowMs,
  });
  const { '5m': short, '1h': long } = account.writtenTokens;
  return {
    input_tokens: account.freshTokens,
    cache_creation_input_tokens: short + long,
    cache_read_input_tokens: account.readTokens,
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
  };
};

/** Only for bodies with more bytes than the window has tokens: the others cannot be too long and need not be counted. */
const checkWindow = (request: MessagesRequest, card: ModelCard): void => {
  const tokens = inputTokensOf(segmentsOf(request));
  if (tokens > card.tokensInMax) refuseAt('', `prompt is too long: ${tokens} tokens > ${card.tokensInMax} maximum`);
};

const persona: Persona = {
  vendor: 'anthropic',
  prefix: '/anthropic',
  authenticate,
  renderFailure: renderAnthropicFailure,
  renderStreamFailure: renderAnthropicStreamFailure,
  checkShape: (body, call) =>
    checkMessagesShape(body, { version: versionOf(call.headers), betas: betasOf(call.headers) }),
  check: (request, call) => {
    const version = versionOf(call.headers);
    const card = findModel(request.model);
    checkOrder(request, version);
    if (card !== undefined) checkModel(request, card, version);
    if (card !== undefined && call.raw.length > card.tokensInMax) checkWindow(request, card);
    checkThinking(request, { vendor: call.vendor, model: request.model, memory: call.memory });
  },
  servedModel: (name) => findModel(name)?.id,
  unknownModel: (name) => ({ status: 404, type: 'not_found_error', message: `model: ${name}` }),
  understood: (request) => request,
  threads: 'held',
  seal: 'signed',
  images: 'seen',
  callFrame: { caller: { type: 'direct' } },
  callId: (call) => `toolu_01${call.id}`,
  messageId: (id) => `msg_01${id}`,
  inputUsage,
  outputUsage: ({ outputTokens, thinkingTokens, searches }) => ({
    output_tokens: outputTokens,
    output_tokens_details: { thinking_tokens: thinkingTokens },
    ...(searches > 0 && { server_tool_use: { web_search_requests: searches, web_fetch_requests: 0 } }),
  }),
  headers,
};

/** Anthropic's own API, both versions of it. */
export const anthropic: Wire = {
  vendor: persona.vendor,
  prefix: persona.prefix,
  bodyBytesMax: BODY_BYTES_MAX,
  authenticate: persona.authenticate,
  renderFailure: persona.renderFailure,
  renderStreamFailure: persona.renderStreamFailure,
  routes: [
    { method: 'POST', path: '/v1/messages', handle: messagesRoute(persona) },
    { method: 'POST', path: '/v1/messages/count_tokens', handle: countRoute(persona) },
    { method: 'GET', path: '/v1/models', handle: listModelsRoute(persona) },
    { method: 'GET', path: '/v1/models/{model}', handle: getModelRoute(persona) },
  ],
};
