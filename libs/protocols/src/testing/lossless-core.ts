import type { LossCode } from '@bytespike/ir';
import type { ProtocolName } from '@bytespike/kernel';

import type { TestVendor } from './pairs.js';
import type { Feature } from './request-features.js';

/** What a pair keeps on the way there and back, and at whose hands, where its owner refuses a field on principle. */
export interface Core {
  readonly client: ProtocolName;
  readonly target: ProtocolName;
  readonly features: readonly Feature[];
  /** Who of the target reads it; its owner if absent. */
  readonly there?: Partial<TestVendor>;
  /** Who of the client's own protocol the body is taken back to; its owner if absent. */
  readonly back?: Partial<TestVendor>;
  /** What the pair could carry and the hub cannot: refused by these codes, unless the caller permits it. */
  readonly declared?: readonly LossCode[];
}

const EVERYWHERE = ['text', 'images', 'tools', 'calls', 'results', 'limit'] as const satisfies readonly Feature[];

/** The lossless core of each pair (protocols 2.17). What is not listed may be lost, and is then said to be. */
export const CORES: readonly Core[] = [
  {
    client: 'anthropic-messages',
    target: 'openai-responses',
    features: [...EVERYWHERE, 'laterInstructions', 'pdf', 'resultMedia', 'effort', 'schema', 'cacheMarks', 'parallel'],
    // Cache marks are understood since this model.
    there: { upstreamModel: 'gpt-5.6' },
  },
  { client: 'anthropic-messages', target: 'openai-chat', features: [...EVERYWHERE, 'laterInstructions', 'effort'] },
  {
    client: 'anthropic-messages',
    target: 'gemini-generate',
    // Its thinking forbids `top_k` on the way back.
    features: [...EVERYWHERE, 'pdf', 'schema', 'stop'],
  },
  {
    client: 'openai-responses',
    target: 'anthropic-messages',
    features: [...EVERYWHERE, 'laterInstructions', 'effort'],
  },
  { client: 'openai-responses', target: 'openai-chat', features: [...EVERYWHERE, 'laterInstructions'] },
  { client: 'openai-responses', target: 'gemini-generate', features: [...EVERYWHERE, 'resultMedia'] },
  { client: 'openai-chat', target: 'anthropic-messages', features: [...EVERYWHERE, 'laterInstructions'] },
  {
    client: 'openai-chat',
    target: 'openai-responses',
    features: [...EVERYWHERE, 'laterInstructions', 'effort', 'schema', 'parallel'],
  },
  {
    client: 'openai-chat',
    target: 'gemini-generate',
    features: [...EVERYWHERE, 'stop', 'seed', 'penalties'],
    back: { vendor: 'bytedance' },
    declared: ['L62', 'L63'],
  },
  { client: 'gemini-generate', target: 'anthropic-messages', features: [...EVERYWHERE, 'pdf'] },
  { client: 'gemini-generate', target: 'openai-responses', features: [...EVERYWHERE, 'pdf'] },
  { client: 'gemini-generate', target: 'openai-chat', features: EVERYWHERE, declared: ['L62', 'L63'] },
];

/** Fields of each dialect's own that a core speaks of, as its clients spell them. */
export const CORE_FIELDS: Readonly<Record<ProtocolName, object>> = {
  'anthropic-messages': {
    output_config: {
      effort: 'high',
      format: {
        type: 'json_schema',
        schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
      },
    },
    thinking: { type: 'adaptive' },
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    stop_sequences: ['END', 'STOP'],
    top_k: 7,
  },
  'openai-responses': {
    reasoning: { effort: 'high' },
    text: {
      format: {
        type: 'json_schema',
        name: 'answer',
        strict: true,
        schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
      },
    },
    parallel_tool_calls: false,
  },
  'openai-chat': {
    reasoning_effort: 'high',
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'answer',
        strict: true,
        schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
      },
    },
    parallel_tool_calls: false,
    stop: ['END', 'STOP'],
    seed: 7,
    presence_penalty: 0.5,
    frequency_penalty: 0.25,
    n: 2,
    logprobs: true,
    top_logprobs: 3,
  },
  'gemini-generate': {
    generationConfig: {
      maxOutputTokens: 4_096,
      candidateCount: 2,
      responseLogprobs: true,
      logprobs: 3,
      thinkingConfig: { thinkingLevel: 'HIGH' },
    },
  },
};
