import type { JsonObject } from '@bytespike/kernel';
import type { Effort } from '@bytespike/ir';

/**
 * How a vendor deviates within the Responses wire (reference, protocols 4). The rule behind each row: a server that
 * answers 200 while ignoring a field does not support it.
 */
export interface ResponsesCompatibility {
  /** Whether nodes of this wire are given back as they stood, or written anew from what they mean. */
  readonly ownNodes: 'replay' | 'rewrite';
  readonly systemRole: 'developer' | 'system';
  /** What stands for earlier reasoning: the vendor's own cipher, its text in one of two places, or nothing. */
  readonly reasoningState: 'encrypted' | 'content' | 'summary' | 'none';
  /** Whether every call of a thinking model needs reasoning right before it, and no text between two calls. */
  readonly reasoningBeforeCalls: 'required' | 'where-known';
  /** Whether the model thinks: always, unless told otherwise, or never. */
  readonly thinks: 'always' | 'by-default' | 'never';
  /** The word of `reasoning.effort` for each effort; a missing one cannot be said. */
  readonly effort: Partial<Readonly<Record<Effort, string>>>;
  readonly summaries: 'send' | 'drop';
  readonly textParts: 'send' | 'join';
  readonly customTools: 'send' | 'wrap';
  readonly namespaces: 'send' | 'flatten';
  /** Tools that OpenAI types or runs, other than the search. */
  readonly hostedTools: 'send' | 'drop';
  readonly webSearch: 'bounded' | 'unbounded' | 'drop';
  readonly forcedToolChoice: 'send' | 'unless-thinking' | 'reject';
  /** Whether a choice is read at all: where it is not, tools that may not be called are left out. */
  readonly toolChoice: 'send' | 'ignored';
  /** A choice among some of the tools: said, or shown by leaving the others out. */
  readonly allowedTools: 'send' | 'filter';
  readonly parallelTools: 'send' | 'drop';
  readonly strictTools: 'send' | 'drop';
  readonly jsonSchema: 'send' | 'reject';
  readonly jsonObject: 'send' | 'reject';
  readonly sampling: 'send' | 'unless-thinking' | 'drop';
  readonly images: 'send' | 'reject';
  readonly files: 'send' | 'reject';
  readonly resultMedia: 'send' | 'reject';
  readonly cacheMarks: 'send' | 'drop';
  /** Fields that only their inventor reads: tier, cache key, verbosity, metadata, identity, and whatever is new. */
  readonly ownFields: 'send' | 'drop';
  readonly maxToolCalls: 'send' | 'drop';
  /** The smallest limit of an answer that is not refused. */
  readonly outputTokensMin: number;
  /** Fields every request to this vendor carries. */
  readonly always: JsonObject;
}

/** What a vendor that calls itself compatible may be trusted with. */
const LOOK_ALIKE: ResponsesCompatibility = {
  ownNodes: 'rewrite',
  systemRole: 'system',
  reasoningState: 'none',
  reasoningBeforeCalls: 'where-known',
  thinks: 'by-default',
  effort: {},
  summaries: 'drop',
  textParts: 'join',
  customTools: 'wrap',
  namespaces: 'flatten',
  hostedTools: 'drop',
  webSearch: 'drop',
  forcedToolChoice: 'reject',
  toolChoice: 'ignored',
  allowedTools: 'filter',
  parallelTools: 'drop',
  strictTools: 'drop',
  jsonSchema: 'reject',
  jsonObject: 'reject',
  sampling: 'send',
  images: 'send',
  files: 'reject',
  resultMedia: 'reject',
  cacheMarks: 'drop',
  ownFields: 'drop',
  maxToolCalls: 'drop',
  outputTokensMin: 1,
  // The whole conversation comes with every request: nothing is left with the vendor.
  always: { store: false },
};

/** OpenAI's models since 5.6: cache marks can be written, and effort goes up to `max`. */
const OPENAI: ResponsesCompatibility = {
  ownNodes: 'replay',
  systemRole: 'developer',
  reasoningState: 'encrypted',
  reasoningBeforeCalls: 'where-known',
  thinks: 'by-default',
  effort: { none: 'none', minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'xhigh', max: 'max' },
  summaries: 'send',
  textParts: 'send',
  customTools: 'send',
  namespaces: 'send',
  hostedTools: 'send',
  webSearch: 'bounded',
  forcedToolChoice: 'send',
  toolChoice: 'send',
  allowedTools: 'send',
  parallelTools: 'send',
  strictTools: 'send',
  jsonSchema: 'send',
  jsonObject: 'send',
  // While it reasons, a model refuses these fields.
  sampling: 'unless-thinking',
  images: 'send',
  files: 'send',
  resultMedia: 'send',
  cacheMarks: 'send',
  ownFields: 'send',
  maxToolCalls: 'send',
  outputTokensMin: 16,
  always: { store: false },
};

const RESPONSES: Readonly<Record<string, ResponsesCompatibility>> = {
  openai: OPENAI,
  deepseek: {
    ...LOOK_ALIKE,
    toolChoice: 'send',
    // Each call must follow reasoning text, and text between two calls is refused as a missing result.
    reasoningState: 'content',
    reasoningBeforeCalls: 'required',
    effort: { none: 'none', minimal: 'low', low: 'low', medium: 'high', high: 'high', xhigh: 'high', max: 'max' },
    forcedToolChoice: 'unless-thinking',
    jsonObject: 'send',
    sampling: 'unless-thinking',
    images: 'reject',
  },
  moonshot: {
    ...LOOK_ALIKE,
    toolChoice: 'send',
    reasoningState: 'summary',
    effort: { minimal: 'low', low: 'low', medium: 'high', high: 'high', xhigh: 'high', max: 'max' },
    // It has a search of its own, which reads no bounds.
    webSearch: 'unbounded',
    strictTools: 'send',
    jsonSchema: 'send',
    jsonObject: 'send',
    // Sampling is fixed; another temperature is refused.
    sampling: 'drop',
    resultMedia: 'send',
  },
  // Of the newest models, these three efforts alone are taken and thinking cannot be switched off.
  zhipu: { ...LOOK_ALIKE, thinks: 'always', effort: { minimal: 'low', low: 'low', high: 'high', max: 'max' } },
  minimax: { ...LOOK_ALIKE, thinks: 'always' },
  bytedance: {
    ...LOOK_ALIKE,
    toolChoice: 'send',
    effort: { minimal: 'minimal', low: 'low', medium: 'medium', high: 'high', xhigh: 'high', max: 'high' },
    forcedToolChoice: 'send',
    jsonSchema: 'send',
    jsonObject: 'send',
  },
};

/** Models that differ from what else their vendor serves; the first row that fits counts. */
const EXCEPTIONS: readonly {
  readonly vendor: string;
  readonly model: RegExp;
  readonly differs: Partial<ResponsesCompatibility>;
}[] = [
  {
    vendor: 'openai',
    model: /^(gpt-3|gpt-4|chatgpt-4o)/,
    // These do not reason at all: effort and the cipher of reasoning are refused.
    differs: {
      thinks: 'never',
      reasoningState: 'none',
      effort: {},
      summaries: 'drop',
      sampling: 'send',
      cacheMarks: 'drop',
    },
  },
  {
    vendor: 'openai',
    model: /^(o\d|gpt-5(?!\.\d))/,
    differs: {
      thinks: 'always',
      effort: { minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'high', max: 'high' },
      cacheMarks: 'drop',
    },
  },
  {
    vendor: 'openai',
    model: /^gpt-5\.[1-5]/,
    differs: { effort: { ...OPENAI.effort, max: 'xhigh' }, cacheMarks: 'drop' },
  },
];

/** The profile of a model at a vendor on the Responses wire; an unknown vendor is trusted with little. */
export function responsesCompatibility(vendor: string, upstreamModel: string): ResponsesCompatibility {
  const exception = EXCEPTIONS.find((row) => row.vendor === vendor && row.model.test(upstreamModel));
  const profile = (Object.hasOwn(RESPONSES, vendor) ? RESPONSES[vendor] : undefined) ?? LOOK_ALIKE;
  return { ...profile, ...exception?.differs };
}
