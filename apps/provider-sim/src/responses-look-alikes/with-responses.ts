import { checkResults } from '../openai-responses/check-items.js';
import { createResponse } from '../openai-responses/create-response.js';
import { responsesUsage } from '../openai-responses/openai-responses.js';
import type { ReasoningSlot, ResponsesProfile } from '../openai-responses/profile.js';
import { settingsText } from '../openai-responses/response-object.js';
import { isResponsesStream, responsesStreamFailure } from '../openai-responses/stream-failure.js';
import type { ChatModel } from '../openai-chat/profile.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import type { AutomaticCaching } from '../prompt/account.js';
import type { Failure, Wire } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';

/** What one look-alike's Responses wire is, beyond what they all do alike. */
export interface ResponsesLookAlike {
  /** Below the vendor's prefix. */
  readonly path: string;
  readonly models: readonly ChatModel[];
  readonly serves?: (name: string) => boolean;
  readonly unknownModel: (name: string) => Failure;
  readonly caching: AutomaticCaching;
  readonly check: (body: Json, model: ChatModel) => void;
  readonly checkItems?: (items: readonly Json[], body: Json) => void;
  readonly thinks: (body: Json) => boolean;
  readonly reasoning: Exclude<ReasoningSlot, 'sealed'>;
  readonly state?: ResponsesProfile['state'];
  readonly heeds?: Partial<ResponsesProfile['heeds']>;
}

/** The vendor's chat wire with its Responses route beside it: one account, one way of failing, two protocols. */
export const withResponses = (chat: Wire, facts: ResponsesLookAlike): Wire => {
  const profile = profileOf(chat.vendor, facts);
  return {
    ...chat,
    routes: [...chat.routes, { method: 'POST', path: facts.path, handle: (call) => createResponse(call, profile) }],
    renderStreamFailure: (failure, requestId, sent) =>
      isResponsesStream(sent)
        ? responsesStreamFailure(failure, sent)
        : chat.renderStreamFailure(failure, requestId, sent),
  };
};

const profileOf = (vendor: string, facts: ResponsesLookAlike): ResponsesProfile => ({
  vendor,
  caching: facts.caching,
  model: (name) => {
    const model = modelNamed(name, facts);
    return {
      ...model,
      validate: (body) => {
        if (typeof body['input'] !== 'string' && !Array.isArray(body['input'])) refuse('input is required');
        facts.check(body, model);
      },
      checkItems: (items, body) => {
        checkResults(items);
        facts.checkItems?.(items, body);
      },
      thinks: facts.thinks,
      usage: (account) => responsesUsage(account),
      settings: (body) => settingsText(body, { effort: effortIn(body) ?? null }),
    };
  },
  state: facts.state ?? 'none',
  reasoning: facts.reasoning,
  heeds: { toolChoice: true, jsonSchema: false, ...facts.heeds },
  obfuscates: false,
});

const modelNamed = (name: string, { models, serves, unknownModel }: ResponsesLookAlike): ChatModel => {
  const known = models.find(({ id }) => id === name);
  if (known !== undefined) return known;
  const [usual] = models;
  if (usual !== undefined && (serves?.(name) || name.includes('sim'))) return { ...usual, id: name };
  throw new Refusal(unknownModel(name));
};

/** What the caller asked for in `reasoning.effort`, if anything. */
export const effortIn = (body: Json): string | undefined => {
  const { reasoning } = body;
  return isObject(reasoning) && typeof reasoning['effort'] === 'string' ? reasoning['effort'] : undefined;
};

/** Whether the caller insists on a call, or on one tool. */
export const forcesTool = (body: Json): boolean => body['tool_choice'] === 'required' || isObject(body['tool_choice']);

export const formatTypeIn = (body: Json): unknown => {
  const { text } = body;
  return isObject(text) && isObject(text['format']) ? text['format']['type'] : undefined;
};
