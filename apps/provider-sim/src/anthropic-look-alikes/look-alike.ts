import { messagesRoute } from '../anthropic/messages-route.js';
import type { MessagesRequest, WireToolChoice } from '../anthropic/messages-request.js';
import type { InputUsage, Persona } from '../anthropic/persona.js';
import type { CacheTtl, Segment } from '../cache/prompt-cache.js';
import { isRecord } from '../anthropic/shape.js';
import { isServerTool } from '../anthropic/tool-shapes.js';
import { bearerOf } from '../wire/answer-call.js';
import type { Call, Credentials, Wire } from '../wire/wire.js';

const BODY_BYTES_MAX = 32 * 1024 * 1024;
const TOKENS_OUT_DEFAULT = 4_096;

/** A wire that has `POST /v1/messages` and nothing else: no models, no token counting. */
export const lookAlikeWire = (persona: Persona, path = '/v1/messages'): Wire => ({
  vendor: persona.vendor,
  prefix: persona.prefix,
  bodyBytesMax: BODY_BYTES_MAX,
  authenticate: persona.authenticate,
  renderFailure: persona.renderFailure,
  renderStreamFailure: persona.renderStreamFailure,
  routes: [{ method: 'POST', path, handle: messagesRoute(persona) }],
});

/** What all of them leave unread: vendor-run tools, and the missing limit gets a default. */
export const withoutServerTools = (request: MessagesRequest): MessagesRequest => ({
  ...request,
  max_tokens: request.max_tokens ?? TOKENS_OUT_DEFAULT,
  tools: (request.tools ?? []).filter((tool) => !isServerTool(tool.type)),
});

export const allowingParallel = (choice: WireToolChoice | null | undefined): WireToolChoice | null =>
  choice ? { ...choice, disable_parallel_tool_use: false } : null;

/** They look at little before they start: a model and some messages must be there. */
export const missingField = (body: unknown): string | undefined => {
  if (!isRecord(body)) return 'body';
  if (typeof body.model !== 'string') return 'model';
  return Array.isArray(body.messages) && body.messages.length > 0 ? undefined : 'messages';
};

/** These think unless told not to. */
export const isThinking = (request: MessagesRequest): boolean => request.thinking?.type !== 'disabled';

export const isForced = (choice: WireToolChoice | null | undefined): boolean =>
  choice?.type === 'tool' || choice?.type === 'any';

/** Either carrier of a key. */
export const eitherKey = (credentials: Credentials): string | undefined => {
  const header = credentials.headers['x-api-key'];
  return typeof header === 'string' ? header : bearerOf(credentials);
};

/** They cache without being asked and report it in Anthropic's disjoint counters. */
export const cachingByItself =
  (habit: { tokensMin: number; stepTokens: number; ttl: CacheTtl }) =>
  (segments: readonly Segment[], call: Call, model: string): InputUsage => {
    const { totalTokens, cachedTokens } = call.memory.promptCache.accountAutomatically({
      scope: `${call.vendor} ${call.key} ${model}`,
      segments,
      nowMs: call.nowMs,
      ...habit,
    });
    return {
      input_tokens: totalTokens - cachedTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: cachedTokens,
    };
  };
