import type { ChatHeeds, ChatModel, ChatProfile, ChatRendering } from '../openai-chat/profile.js';
import { findDisorder, messagesOf } from '../openai-chat/message-order.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import type { Account, AutomaticCaching } from '../prompt/account.js';
import { bearerOf, isAcceptedKey } from '../wire/answer-call.js';
import type { Failure, JsonReply } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';

/** What one look-alike is, beyond what they all do alike. */
export interface LookAlike {
  readonly vendor: string;
  readonly prefix: string;
  readonly bases: readonly string[];
  readonly caching: AutomaticCaching;
  readonly models: readonly ChatModel[];
  /** Whether a name that is not listed is served all the same (Ark's endpoint ids). */
  readonly serves?: (name: string) => boolean;
  readonly unknownModel: (name: string) => Failure;
  readonly badKey: (key: string | undefined) => Failure;
  /** The vendor's error body; its HTTP status is the failure's. */
  readonly errorBody: (failure: Failure, requestId: string) => object;
  readonly badRequest: (message: string) => Failure;
  readonly check: (body: Json, model: ChatModel) => void;
  readonly thinks: (body: Json, model: ChatModel) => boolean;
  readonly heeds?: Partial<ChatHeeds>;
  readonly rendering: Partial<ChatRendering> & Pick<ChatRendering, 'callId'>;
}

const BODY_BYTES_MAX = 32 * 1024 * 1024;
const JSON_HEADERS = { 'content-type': 'application/json' } as const;

/** A look-alike's profile of the chat wire: its own facts over the habits they share. */
export const lookAlike = (facts: LookAlike): ChatProfile => {
  const renderFailure = (failure: Failure, requestId: string): JsonReply => ({
    type: 'json',
    status: failure.status,
    headers: { ...JSON_HEADERS, ...failure.headers },
    body: JSON.stringify(facts.errorBody(failure, requestId)),
  });
  return {
    vendor: facts.vendor,
    prefix: facts.prefix,
    bases: facts.bases,
    bodyBytesMax: BODY_BYTES_MAX,
    caching: facts.caching,
    authenticate: (credentials) => {
      const key = bearerOf(credentials);
      return isAcceptedKey(key) ? { key } : { failure: facts.badKey(key) };
    },
    renderFailure,
    renderStreamFailure: (failure, requestId) => [
      { part: 'content', text: `data: ${JSON.stringify(facts.errorBody(failure, requestId))}\n\n` },
    ],
    model: (name) => modelNamed(name, facts),
    validate: (body, model) => {
      checkShape(body, facts);
      facts.check(body, model);
    },
    thinks: facts.thinks,
    heeds: {
      toolChoice: true,
      jsonSchema: false,
      manyChoices: false,
      images: true,
      limits: ['max_tokens', 'max_completion_tokens'],
      ...facts.heeds,
    },
    rendering: {
      responseId: (material) => material,
      reasoning: () => 'reasoning_content',
      refusals: 'content',
      usage,
      streamedUsage: 'finish-chunk',
      argumentPieces: () => 'tokens',
      extras: () => ({}),
      obfuscates: false,
      ...facts.rendering,
    },
    listModels: () => ({ type: 'json', status: 200, headers: JSON_HEADERS, body: JSON.stringify(listing(facts)) }),
  };
};

const modelNamed = (name: string, facts: LookAlike): ChatModel => {
  const known = facts.models.find(({ id }) => id === name);
  if (known !== undefined) return known;
  const [usual] = facts.models;
  if (usual !== undefined && (facts.serves?.(name) || name.includes('sim'))) return { ...usual, id: name };
  throw new Refusal(facts.unknownModel(name));
};

const listing = ({ vendor, models }: LookAlike): object => ({
  object: 'list',
  data: models.map(({ id }) => ({ id, object: 'model', owned_by: vendor })),
});

/** OpenAI's inclusive totals; what one of them adds is its own business. */
export const usage = (account: Account): object => ({
  prompt_tokens: account.inputTokens,
  completion_tokens: account.outputTokens,
  total_tokens: account.inputTokens + account.outputTokens,
  prompt_tokens_details: { cached_tokens: account.cachedTokens },
  completion_tokens_details: { reasoning_tokens: account.thinkingTokens },
});

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'];

/** What every look-alike refuses: no messages, strange roles, calls and results that do not belong together. */
const checkShape = (body: Json, { badRequest }: LookAlike): void => {
  const refuse = (message: string): never => {
    throw new Refusal(badRequest(message));
  };
  const messages = messagesOf(body);
  if (messages.length === 0) refuse('Empty input messages');
  for (const [index, message] of messages.entries())
    if (!ROLES.includes(String(message['role'])))
      refuse(`messages[${index}].role: unknown variant \`${String(message['role'])}\``);
  const disorder = findDisorder(messages);
  if (disorder?.type === 'stray-result')
    refuse("Messages with role 'tool' must be a response to a preceding message with 'tool_calls'");
  if (disorder?.type === 'unanswered')
    refuse(
      `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${disorder.ids.join(', ')}`,
    );
};

/** `thinking: {type: ...}`, the switch that most of them share. */
export const thinkingType = (body: Json): string | undefined => {
  const { thinking } = body;
  return isObject(thinking) && typeof thinking['type'] === 'string' ? thinking['type'] : undefined;
};

export const toolsIn = (body: Json): boolean => Array.isArray(body['tools']) && body['tools'].length > 0;

/** Whether the caller insists on a call, or on one tool. */
export const isForced = (body: Json): boolean => body['tool_choice'] === 'required' || isObject(body['tool_choice']);

export const formatType = (body: Json): unknown =>
  isObject(body['response_format']) ? body['response_format']['type'] : undefined;

export const hasUserImage = (body: Json): number =>
  messagesOf(body).findIndex(
    ({ role, content }) =>
      role === 'user' &&
      Array.isArray(content) &&
      content.some((part) => isObject(part) && part['type'] === 'image_url'),
  );
