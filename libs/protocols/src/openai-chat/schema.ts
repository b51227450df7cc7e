import { z } from 'zod';

import { anyObject } from '../any-object.js';
import { ExtraContent, Part, reasoningFields, ToolCall } from './schema-parts.js';

const Message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(Part)]).nullish(),
  name: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(ToolCall).nullish(),
  tool_call_id: z.string().nullish(),
  audio: anyObject.nullish(),
  function_call: z.looseObject({ name: z.string(), arguments: z.string().nullish() }).nullish(),
  ...reasoningFields,
});

const FunctionTool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string().min(1),
    description: z.string().nullish(),
    parameters: anyObject.nullish(),
    strict: z.boolean().nullish(),
  }),
});
const CustomTool = z.looseObject({
  type: z.literal('custom'),
  custom: z.looseObject({ name: z.string().min(1), description: z.string().nullish(), format: anyObject.nullish() }),
});
const Location = z.looseObject({
  city: z.string().nullish(),
  region: z.string().nullish(),
  country: z.string().nullish(),
  timezone: z.string().nullish(),
});
const SearchOptions = z.looseObject({
  search_context_size: z.string().nullish(),
  user_location: z.looseObject({ ...Location.shape, approximate: Location.nullish() }).nullish(),
});
// The search among the tools, as this wire's owner has it on its other one (contract 4.2).
const SearchTool = z.looseObject({
  type: z.literal('web_search'),
  filters: z.looseObject({ allowed_domains: z.array(z.string()).nullish() }).nullish(),
  ...SearchOptions.shape,
});
// Some vendors declare tools of their own among the others.
const TypedTool = z.looseObject({ type: z.string().refine((type) => type !== 'function' && type !== 'custom') });
const Tool = z.union([FunctionTool, CustomTool, SearchTool, TypedTool]);

const LegacyFunction = z.looseObject({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: anyObject.nullish(),
});

const ToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
  z.looseObject({ type: z.literal('custom'), custom: z.looseObject({ name: z.string() }) }),
  z.looseObject({
    type: z.literal('allowed_tools'),
    allowed_tools: z.looseObject({ mode: z.enum(['auto', 'required']), tools: z.array(anyObject) }),
  }),
]);

const ResponseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({
      name: z.string().nullish(),
      description: z.string().nullish(),
      schema: anyObject.nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

export const WireRequest = z.looseObject({
  model: z.string(),
  messages: z.array(Message),
  tools: z.array(Tool).nullish(),
  tool_choice: ToolChoice.nullish(),
  functions: z.array(LegacyFunction).nullish(),
  function_call: z.union([z.enum(['none', 'auto']), z.looseObject({ name: z.string() })]).nullish(),
  web_search_options: SearchOptions.nullish(),
  // What the model pages call it: of any model, and of Gemini's (contract 4.2).
  web_search: z.union([SearchOptions, z.boolean()]).nullish(),
  grounding: z.union([anyObject, z.boolean()]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  max_completion_tokens: z.number().int().nonnegative().nullish(),
  max_tokens: z.number().int().nonnegative().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  n: z.number().int().positive().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  seed: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  logit_bias: anyObject.nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().nullish(),
  response_format: ResponseFormat.nullish(),
  reasoning_effort: z.string().nullish(),
  // The switch of the model pages (contract 4.2), and of gateways that others are used to.
  reasoning: z.looseObject({ enabled: z.boolean().nullish(), effort: z.string().nullish() }).nullish(),
  thinking: z.looseObject({ type: z.string() }).nullish(),
  verbosity: z.string().nullish(),
  modalities: z.array(z.string()).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  service_tier: z.string().nullish(),
  metadata: anyObject.nullish(),
  store: z.boolean().nullish(),
  safety_identifier: z.string().nullish(),
  user: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
});

const count = z.number().nullish();
export const WireUsage = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.looseObject({ cached_tokens: count, cache_write_tokens: count }).nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish(),
  /** DeepSeek's own pair, which sums to `prompt_tokens`. */
  prompt_cache_hit_tokens: count,
  prompt_cache_miss_tokens: count,
  /** Kimi reports hits at the top level. */
  cached_tokens: count,
});

const Annotation = z.looseObject({
  type: z.string(),
  url_citation: z
    .looseObject({
      url: z.string().nullish(),
      title: z.string().nullish(),
      start_index: z.number().nullish(),
      end_index: z.number().nullish(),
    })
    .nullish(),
});

/** The form a call had before tools; some vendors still answer in it. */
const FunctionCall = z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() });

const envelope = {
  id: z.string().nullish(),
  model: z.string().nullish(),
  created: z.number().nullish(),
  service_tier: z.string().nullish(),
  usage: WireUsage.nullish(),
};

export const WireResponse = z.looseObject({
  ...envelope,
  choices: z
    .array(
      z.looseObject({
        index: z.number().nullish(),
        message: z.looseObject({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(ToolCall).nullish(),
          function_call: FunctionCall.nullish(),
          annotations: z.array(Annotation).nullish(),
          ...reasoningFields,
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
});

const ToolCallDelta = z.looseObject({
  extra_content: ExtraContent,
  index: z.number().int().nonnegative().nullish(),
  id: z.string().nullish(),
  type: z.string().nullish(),
  function: z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
  custom: z.looseObject({ name: z.string().nullish(), input: z.string().nullish() }).nullish(),
});

export const WireDelta = z.looseObject({
  role: z.string().nullish(),
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(ToolCallDelta).nullish(),
  function_call: FunctionCall.nullish(),
  annotations: z.array(Annotation).nullish(),
  ...reasoningFields,
});

const ChunkObject = z.looseObject({
  ...envelope,
  choices: z
    .array(
      z.looseObject({
        index: z.number().nullish(),
        delta: WireDelta.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  error: z.union([z.looseObject({}), z.string()]).nullish(),
  /** How MiniMax tells of a failure, in a chunk like any other. */
  base_resp: z.looseObject({ status_code: z.number().nullish() }).nullish(),
});

/** The stream's last record is a word, not JSON. */
export const DONE = '[DONE]';
/** All records but one are objects, so that is tried first. */
export const WireChunk = z.union([ChunkObject, z.literal(DONE)]);

export type WireRequest = z.output<typeof WireRequest>;
export type WireMessage = z.output<typeof Message>;
export type WireTool = z.output<typeof Tool>;
export type WireToolCall = z.output<typeof ToolCall>;
export type WireReasoningDetail = NonNullable<z.output<typeof Message>['reasoning_details']>[number];
export type WireToolCallDelta = z.output<typeof ToolCallDelta>;
export type WireAnnotation = z.output<typeof Annotation>;
export type WireResponse = z.output<typeof WireResponse>;
export type WireUsage = z.output<typeof WireUsage>;
export type WireDelta = z.output<typeof WireDelta>;
export type WireChunkObject = z.output<typeof ChunkObject>;
export type WireChunk = z.output<typeof WireChunk>;

export const isFunctionTool = (tool: WireTool): tool is z.output<typeof FunctionTool> => tool.type === 'function';
export const isSearchTool = (tool: WireTool): tool is z.output<typeof SearchTool> => tool.type === 'web_search';
export const isCustomTool = (tool: WireTool): tool is z.output<typeof CustomTool> => tool.type === 'custom';
