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
  /** The field it goes back in. */
  readonly reasoningField: 'reasoning_content' | 'reasoning_details';
  /** What stands beside the word for thinking where earlier reasoning is to be kept and not cleared. */
  readonly preservedThinking: JsonObject;
  /** Where the model's own thinking comes: in a field, or between tags at the beginning of its text. */
  readonly thinkTags: 'none' | 'in-text';
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
  /** Whether `tool_choice` is read at all: where it is not, tools that may not be called are left out. */
  readonly toolChoice: 'send' | 'ignored';
  /** A choice among some of the tools: said, or shown by leaving the others out. */
  readonly allowedTools: 'send' | 'filter';
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
  /** Explicit cache marks on parts. */
  readonly cacheMarksMax: number;
  /** A search the model makes by itself, declared for the whole request. */
  readonly webSearch: 'options' | 'drop';
  /** Fields every request to this vendor carries. */
  readonly always: JsonObject;
}

/** What a vendor that calls itself compatible may be trusted with. */
const LOOK_ALIKE: ChatCompatibility = {
  maxTokensField: 'max_tokens',
  systemRole: 'system',
  reasoningReplay: 'where-known',
  reasoningField: 'reasoning_content',
  preservedThinking: {},
  thinkTags: 'none',
  thinksByDefault: true,
  thinking: { on: 'enabled', off: 'disabled' },
  effort: {},
  textParts: 'join',
  customTools: 'wrap',
  forcedToolChoice: 'reject',
  toolChoice: 'send',
  allowedTools: 'filter',
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
  cacheMarksMax: 0,
  webSearch: 'drop',
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
  allowedTools: 'send',
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

/** Before effort there was none to ask for, and everything could be tuned. */
const CLASSIC: ChatCompatibility = { ...OPENAI, thinksByDefault: false, effort: {}, sampling: 'send', stopMax: 4 };
const SEARCHING: ChatCompatibility = { ...CLASSIC, webSearch: 'options' };
const ALWAYS_REASONING: ChatCompatibility = {
  ...OPENAI,
  effort: { minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'high', max: 'high' },
};
/** Since 5.1 nobody reasons unasked, and while nobody does, sampling is free. */
const REASONING: ChatCompatibility = { ...OPENAI, thinksByDefault: false };
const LATEST: ChatCompatibility = { ...REASONING, effort: { ...OPENAI.effort, max: 'max' }, cacheMarksMax: 4 };

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

const MINIMAX: ChatCompatibility = {
  ...LOOK_ALIKE,
  maxTokensField: 'max_completion_tokens',
  toolChoice: 'ignored',
  thinking: {},
  reasoningField: 'reasoning_details',
  // Otherwise thinking comes inside the text, between tags; a server that overlooks the switch still does so.
  always: { reasoning_split: true },
  thinkTags: 'in-text',
};

const ZHIPU: ChatCompatibility = {
  ...LOOK_ALIKE,
  toolChoice: 'ignored',
  preservedThinking: { clear_thinking: false },
  userField: { name: 'user_id', lengths: [6, 128] },
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
  zhipu: ZHIPU,
  minimax: MINIMAX,
  bytedance: {
    ...LOOK_ALIKE,
    effort: { minimal: 'minimal', low: 'low', medium: 'medium', high: 'high', xhigh: 'high', max: 'high' },
    forcedToolChoice: 'send',
    jsonSchema: 'send',
  },
};

interface Exception {
  readonly vendor: string;
  readonly model: RegExp;
  readonly profile: ChatCompatibility;
}

/** Models that differ from what else their vendor serves; the first row that matches decides. */
const EXCEPTIONS: readonly Exception[] = [
  { vendor: 'openai', model: /^gpt-.*-search-(preview|api)/, profile: SEARCHING },
  { vendor: 'openai', model: /^(gpt-[34]|chatgpt-4)/, profile: CLASSIC },
  { vendor: 'openai', model: /^o\d/, profile: ALWAYS_REASONING },
  {
    vendor: 'openai',
    model: /^gpt-5(-(mini|nano|codex|pro))?(-\d{4}|$)/,
    profile: { ...ALWAYS_REASONING, effort: { ...ALWAYS_REASONING.effort, minimal: 'minimal' } },
  },
  { vendor: 'openai', model: /^gpt-5[.-][1-5](?!\d)/, profile: REASONING },
  { vendor: 'openai', model: /^gpt-(5[.-][6-9]|[6-9])/, profile: LATEST },
  {
    vendor: 'deepseek',
    model: /^deepseek-(r1|reasoner)\b/,
    // The first reasoner always thinks, and refuses its own thoughts in the history.
    profile: { ...DEEPSEEK, reasoningReplay: 'never', thinking: {}, effort: {} },
  },
  {
    vendor: 'zhipu',
    model: /^glm-5\.3/,
    // It cannot be told not to think, and knows three words for how much.
    profile: {
      ...ZHIPU,
      thinking: { on: 'enabled' },
      effort: { minimal: 'low', low: 'low', medium: 'high', high: 'high', xhigh: 'high', max: 'max' },
    },
  },
  { vendor: 'minimax', model: /^minimax-m3/i, profile: { ...MINIMAX, thinking: { on: 'adaptive', off: 'disabled' } } },
];

/** The profile of a model at a vendor on the Chat wire; an unknown vendor is trusted with little. */
export function chatCompatibility(vendor: string, upstreamModel: string): ChatCompatibility {
  const exception = EXCEPTIONS.find((row) => row.vendor === vendor && row.model.test(upstreamModel));
  return exception?.profile ?? (Object.hasOwn(CHAT, vendor) ? CHAT[vendor] : undefined) ?? LOOK_ALIKE;
}
