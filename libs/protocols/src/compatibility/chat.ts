import type { JsonObject } from '@bytespike/kernel';
import type { Effort } from '@bytespike/ir';

/**
 * How a vendor deviates within the Chat wire (reference, protocols 4). The rule behind each row: a server that
 * answers 200 while ignoring a field does not support it.
 */
export interface ChatCompatibility {
  readonly maxTokensField: 'max_completion_tokens' | 'max_tokens';
  readonly systemRole: 'developer' | 'system';
  /** How earlier reasoning goes back: never, where known, or on every turn with calls even if empty. */
  readonly reasoningReplay: 'never' | 'where-known' | 'every-call';
  /** Whether the vendor thinks when nobody has asked for it. */
  readonly thinksByDefault: boolean;
  /** The words of `thinking.type`; a missing one cannot be said. */
  readonly thinking: { readonly on?: string; readonly off?: string };
  /** The word of `reasoning_effort` for each effort; a missing one cannot be said. */
  readonly effort: Partial<Readonly<Record<Effort, string>>>;
  /** Text that came in several parts: as parts, or joined, for servers that read strings only. */
  readonly textParts: 'send' | 'join';
  readonly customTools: 'send' | 'wrap';
  readonly forcedToolChoice: 'send' | 'unless-thinking' | 'reject';
  readonly parallelTools: 'send' | 'drop';
  readonly strictTools: 'send' | 'drop';
  readonly jsonSchema: 'send' | 'reject';
  readonly sampling: 'send' | 'unless-thinking' | 'drop';
  readonly userField:
    { readonly name: 'safety_identifier' | 'user_id'; readonly lengths: readonly [number, number] } | undefined;
  readonly images: 'send' | 'reject';
  readonly files: 'send' | 'reject';
  readonly toolResultImages: 'parts' | 'user-message' | 'reject';
  /** Fields that only their inventor reads: service tier, cache key, verbosity, metadata, storage. */
  readonly ownFields: 'send' | 'drop';
  readonly stopMax: number;
  /** Fields every request to this vendor carries. */
  readonly always: JsonObject;
}

/** What a vendor that calls itself compatible may be trusted with. */
const LOOK_ALIKE: ChatCompatibility = {
  maxTokensField: 'max_tokens',
  systemRole: 'system',
  reasoningReplay: 'where-known',
  thinksByDefault: true,
  thinking: { on: 'enabled', off: 'disabled' },
  effort: {},
  textParts: 'join',
  customTools: 'wrap',
  forcedToolChoice: 'reject',
  parallelTools: 'drop',
  strictTools: 'drop',
  jsonSchema: 'reject',
  sampling: 'send',
  userField: undefined,
  images: 'send',
  files: 'reject',
  toolResultImages: 'user-message',
  ownFields: 'drop',
  stopMax: 4,
  always: {},
};

const OPENAI: ChatCompatibility = {
  ...LOOK_ALIKE,
  maxTokensField: 'max_completion_tokens',
  systemRole: 'developer',
  reasoningReplay: 'never',
  thinking: {},
  // `minimal` went with the first of these models, `max` came with the last: neither is understood by all of them.
  effort: { none: 'none', minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'xhigh', max: 'xhigh' },
  textParts: 'send',
  customTools: 'send',
  forcedToolChoice: 'send',
  parallelTools: 'send',
  strictTools: 'send',
  jsonSchema: 'send',
  // Every model on sale reasons. While it does, it refuses these fields; stop sequences it refuses always.
  sampling: 'unless-thinking',
  stopMax: 0,
  userField: { name: 'safety_identifier', lengths: [1, 64] },
  files: 'send',
  ownFields: 'send',
};

const DEEPSEEK: ChatCompatibility = {
  ...LOOK_ALIKE,
  // With tools in play every later request must carry the reasoning, or it is refused.
  reasoningReplay: 'every-call',
  effort: { minimal: 'low', low: 'low', medium: 'high', high: 'high', xhigh: 'high', max: 'max' },
  forcedToolChoice: 'unless-thinking',
  // Accepted and ignored while thinking.
  sampling: 'unless-thinking',
  images: 'reject',
  toolResultImages: 'reject',
};

const CHAT: Readonly<Record<string, ChatCompatibility>> = {
  openai: OPENAI,
  deepseek: DEEPSEEK,
  moonshot: {
    ...LOOK_ALIKE,
    effort: { minimal: 'low', low: 'low', medium: 'high', high: 'high', xhigh: 'high', max: 'max' },
    jsonSchema: 'send',
    // Sampling is fixed; another temperature is refused.
    sampling: 'drop',
    toolResultImages: 'parts',
  },
  zhipu: { ...LOOK_ALIKE, userField: { name: 'user_id', lengths: [6, 128] } },
  minimax: {
    ...LOOK_ALIKE,
    maxTokensField: 'max_completion_tokens',
    thinking: {},
    // Otherwise thinking comes inside the text, between tags.
    always: { reasoning_split: true },
  },
  bytedance: {
    ...LOOK_ALIKE,
    effort: { minimal: 'minimal', low: 'low', medium: 'medium', high: 'high', xhigh: 'high', max: 'high' },
    forcedToolChoice: 'send',
    jsonSchema: 'send',
  },
};

/** Models that differ from what else their vendor serves. */
const EXCEPTIONS: readonly { readonly vendor: string; readonly model: RegExp; readonly profile: ChatCompatibility }[] =
  [
    {
      vendor: 'deepseek',
      model: /^deepseek-(r1|reasoner)\b/,
      // The first reasoner always thinks, and refuses its own thoughts in the history.
      profile: { ...DEEPSEEK, reasoningReplay: 'never', thinking: {}, effort: {} },
    },
  ];

/** The profile of a model at a vendor on the Chat wire; an unknown vendor is trusted with little. */
export function chatCompatibility(vendor: string, upstreamModel: string): ChatCompatibility {
  const exception = EXCEPTIONS.find((row) => row.vendor === vendor && row.model.test(upstreamModel));
  return exception?.profile ?? (Object.hasOwn(CHAT, vendor) ? CHAT[vendor] : undefined) ?? LOOK_ALIKE;
}
