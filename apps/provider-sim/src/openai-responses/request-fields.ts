import type { Fields } from '../openai/fields.js';
import {
  aBoolean,
  aNumber,
  aString,
  anArray,
  anInteger,
  anObject,
  anObjectOf,
  anyObject,
  anything,
  oneOf,
  stringOr,
  taggedBy,
} from '../openai/fields.js';
import { inputItems } from './item-fields.js';
import { TOOL_NAME, toolChoice, tools } from './tool-fields.js';

const INCLUDABLE = [
  'reasoning.encrypted_content',
  'web_search_call.results',
  'web_search_call.action.sources',
  'file_search_call.results',
  'message.output_text.logprobs',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
] as const;

const OUTPUT_TOKENS_MIN = 16;

const format = taggedBy('type', {
  text: anObject({ type: anything }),
  json_object: anObject({ type: anything }),
  json_schema: anObject(
    { type: anything, name: TOOL_NAME, description: aString(), schema: anyObject, strict: aBoolean },
    { required: ['name', 'schema'] },
  ),
});

/** Every field of a Responses request that OpenAI knows. */
export const RESPONSE_FIELDS: Fields = {
  model: aString(),
  input: stringOr(inputItems),
  instructions: aString(),
  previous_response_id: aString(),
  conversation: stringOr(anyObject),
  store: aBoolean,
  stream: aBoolean,
  stream_options: anObject({ include_obfuscation: aBoolean }),
  background: aBoolean,
  include: anArray(oneOf(...INCLUDABLE)),
  max_output_tokens: anInteger(OUTPUT_TOKENS_MIN),
  max_tool_calls: anInteger(1),
  parallel_tool_calls: aBoolean,
  tools,
  tool_choice: toolChoice,
  text: anObject({ format, verbosity: oneOf('low', 'medium', 'high') }),
  reasoning: anObject({
    effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
    summary: oneOf('auto', 'concise', 'detailed'),
    generate_summary: oneOf('auto', 'concise', 'detailed'),
    context: oneOf('auto', 'current_turn', 'all_turns'),
    mode: oneOf('standard', 'pro'),
  }),
  temperature: aNumber(0, 2),
  top_p: aNumber(0, 1),
  top_logprobs: anInteger(0, 20),
  truncation: oneOf('auto', 'disabled'),
  metadata: anObjectOf(aString({ max: 512 })),
  client_metadata: anyObject,
  safety_identifier: aString({ max: 64 }),
  user: aString(),
  prompt_cache_key: aString({ max: 64 }),
  prompt_cache_options: anObject({
    mode: oneOf('implicit', 'explicit'),
    ttl: oneOf('30m', '12h'),
    prewarm: anything,
    comparison_response_id: aString(),
  }),
  prompt_cache_retention: oneOf('in_memory', 'in-memory', '24h'),
  service_tier: oneOf('auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast'),
  context_management: anArray(anyObject),
  moderation: anyObject,
  prompt: anyObject,
  image: anyObject,
  access_programs: anything,
};

/** Chat's fields, and what they are called here: OpenAI says so in its refusal. */
export const MOVED: Readonly<Record<string, string>> = {
  messages: 'input',
  response_format: 'text.format',
  max_tokens: 'max_output_tokens',
  max_completion_tokens: 'max_output_tokens',
  reasoning_effort: 'reasoning.effort',
  verbosity: 'text.verbosity',
};
