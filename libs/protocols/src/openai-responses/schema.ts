import { z } from 'zod';

import { anyObject } from '../any-object.js';
import { Item } from './schema-items.js';
import { Tool } from './schema-tools.js';

const word = z.string().nullish();

const ToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.looseObject({ type: z.enum(['function', 'custom']), name: z.string(), namespace: word }),
  z.looseObject({ type: z.literal('allowed_tools'), mode: z.enum(['auto', 'required']), tools: z.array(anyObject) }),
  z.looseObject({
    type: z.string().refine((type) => !['function', 'custom', 'allowed_tools'].includes(type), {
      error: 'a known choice with a wrong shape',
      abort: true,
    }),
  }),
]);

const NamedSchema = z.looseObject({
  name: word,
  description: word,
  schema: anyObject.nullish(),
  strict: z.boolean().nullish(),
});
const Format = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({ type: z.literal('json_schema'), ...NamedSchema.shape }),
]);
/** As the Chat wire nests it. */
const NestedFormat = z.looseObject({ type: z.literal('json_schema'), json_schema: NamedSchema });

const counted = z.number().int().nonnegative().nullish();

export const WireRequest = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(Item)]),
  instructions: word,
  tools: z.array(Tool).nullish(),
  tool_choice: ToolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  max_output_tokens: counted,
  max_tool_calls: counted,
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_logprobs: z.number().int().nullish(),
  // Where the Chat wire has the format; our pages take it here too (contract 4.3).
  response_format: z.union([NestedFormat, Format]).nullish(),
  text: z.looseObject({ format: Format.nullish(), verbosity: word }).nullish(),
  reasoning: z.looseObject({ effort: word, summary: word }).nullish(),
  include: z.array(z.string()).nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_obfuscation: z.boolean().nullish() }).nullish(),
  background: z.boolean().nullish(),
  previous_response_id: word,
  conversation: z.union([z.string(), anyObject]).nullish(),
  prompt_cache_key: word,
  prompt_cache_options: z.looseObject({ prewarm: z.boolean().nullish() }).nullish(),
  service_tier: word,
  safety_identifier: word,
  user: word,
  metadata: anyObject.nullish(),
});

export type WireRequest = z.output<typeof WireRequest>;
export type WireToolChoice = NonNullable<WireRequest['tool_choice']>;
export type WireFormat = z.output<typeof Format>;

export { WireChunk, WireResponse } from './schema-events.js';
