import type { Check, Fields } from '../openai/fields.js';
import {
  HELPER_FIELDS,
  aBoolean,
  aName,
  aNumber,
  aString,
  anArray,
  anInteger,
  anObject,
  anObjectOf,
  anyObject,
  anything,
  nullable,
  oneOf,
  stringOr,
  taggedBy,
} from '../openai/fields.js';

const TOOL_NAME = aName(/^[a-zA-Z0-9_-]+$/, 64);
const TYPE: Check = anything;

const breakpoint = anObject({ mode: oneOf('explicit'), ttl: aString() });
const textPart = anObject({ type: TYPE, text: aString(), prompt_cache_breakpoint: breakpoint }, { required: ['text'] });
const textContent = stringOr(anArray(taggedBy('type', { text: textPart }), { min: 1 }));
const userContent = stringOr(
  anArray(
    taggedBy('type', {
      text: textPart,
      image_url: anObject(
        {
          type: TYPE,
          image_url: anObject(
            { url: aString(), detail: oneOf('auto', 'low', 'high', 'original') },
            { required: ['url'] },
          ),
          prompt_cache_breakpoint: breakpoint,
        },
        { required: ['image_url'] },
      ),
      input_audio: anObject(
        {
          type: TYPE,
          input_audio: anObject({ data: aString(), format: oneOf('wav', 'mp3') }),
          prompt_cache_breakpoint: breakpoint,
        },
        { required: ['input_audio'] },
      ),
      file: anObject(
        {
          type: TYPE,
          file: anObject({ file_data: aString(), file_id: aString(), filename: aString() }),
          prompt_cache_breakpoint: breakpoint,
        },
        { required: ['file'] },
      ),
    }),
    { min: 1 },
  ),
);
const assistantContent = stringOr(
  anArray(taggedBy('type', { text: textPart, refusal: anObject({ type: TYPE, refusal: aString() }) }), { min: 1 }),
);

const toolCall = taggedBy('type', {
  function: anObject(
    {
      id: aString({ max: 64 }),
      type: TYPE,
      function: anObject(
        { name: TOOL_NAME, arguments: aString(), ...HELPER_FIELDS },
        { required: ['name', 'arguments'] },
      ),
    },
    { required: ['id', 'function'] },
  ),
  custom: anObject(
    {
      id: aString({ max: 64 }),
      type: TYPE,
      custom: anObject({ name: TOOL_NAME, input: aString() }, { required: ['name', 'input'] }),
    },
    { required: ['id', 'custom'] },
  ),
});

const named = { role: TYPE, name: aString() };
const instructions = anObject({ ...named, content: textContent }, { required: ['content'] });
const message = taggedBy('role', {
  system: instructions,
  assistant: anObject({
    ...named,
    content: assistantContent,
    refusal: aString(),
    audio: anObject({ id: aString() }),
    annotations: anArray(anything),
    tool_calls: anArray(toolCall, { min: 1 }),
    function_call: anyObject,
    ...HELPER_FIELDS,
  }),
  user: anObject({ ...named, content: userContent }, { required: ['content'] }),
  function: anObject({ ...named, content: aString() }, { required: ['name'] }),
  tool: anObject(
    { ...named, content: textContent, tool_call_id: aString() },
    { required: ['content', 'tool_call_id'] },
  ),
  developer: instructions,
});

const functionTool = anObject(
  {
    type: TYPE,
    function: anObject(
      { name: TOOL_NAME, description: aString(), parameters: anyObject, strict: aBoolean },
      { required: ['name'] },
    ),
  },
  { required: ['function'] },
);
const customTool = anObject(
  {
    type: TYPE,
    custom: anObject(
      {
        name: TOOL_NAME,
        description: aString(),
        format: taggedBy('type', {
          text: anObject({ type: TYPE }),
          grammar: anObject({
            type: TYPE,
            grammar: anObject({ definition: aString(), syntax: oneOf('lark', 'regex') }),
          }),
        }),
      },
      { required: ['name'] },
    ),
  },
  { required: ['custom'] },
);

const toolChoice: Check = (value, path) => {
  if (typeof value === 'string') return oneOf('none', 'auto', 'required')(value, path);
  taggedBy('type', {
    function: anObject(
      { type: TYPE, function: anObject({ name: aString() }, { required: ['name'] }) },
      { required: ['function'] },
    ),
    custom: anObject(
      { type: TYPE, custom: anObject({ name: aString() }, { required: ['name'] }) },
      { required: ['custom'] },
    ),
    allowed_tools: anObject(
      { type: TYPE, allowed_tools: anObject({ mode: oneOf('auto', 'required'), tools: anArray(anyObject) }) },
      { required: ['allowed_tools'] },
    ),
  })(value, path);
};

const responseFormat = taggedBy('type', {
  text: anObject({ type: TYPE }),
  json_object: anObject({ type: TYPE }),
  json_schema: anObject(
    {
      type: TYPE,
      json_schema: anObject(
        { name: TOOL_NAME, description: aString(), schema: anyObject, strict: aBoolean },
        { required: ['name'] },
      ),
    },
    { required: ['json_schema'] },
  ),
});

const approximate = anObject({ country: aString(), region: aString(), city: aString(), timezone: aString() });

/** Every field of a chat request that OpenAI knows; any other is refused by name. */
export const CHAT_FIELDS: Fields = {
  model: aString(),
  messages: anArray(message, { min: 1 }),
  tools: anArray(taggedBy('type', { function: functionTool, custom: customTool }), { min: 1, max: 128 }),
  tool_choice: toolChoice,
  parallel_tool_calls: aBoolean,
  max_completion_tokens: anInteger(1),
  max_tokens: anInteger(1),
  temperature: aNumber(0, 2),
  top_p: aNumber(0, 1),
  n: anInteger(1, 128),
  stop: stringOr(anArray(aString(), { min: 1, max: 4 })),
  seed: anInteger(Number.MIN_SAFE_INTEGER),
  frequency_penalty: aNumber(-2, 2),
  presence_penalty: aNumber(-2, 2),
  logit_bias: anObjectOf(aNumber(-100, 100)),
  logprobs: aBoolean,
  top_logprobs: anInteger(0, 20),
  response_format: responseFormat,
  reasoning_effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  verbosity: oneOf('low', 'medium', 'high'),
  stream: aBoolean,
  stream_options: anObject({ include_usage: aBoolean, include_obfuscation: aBoolean }),
  modalities: anArray(oneOf('text', 'audio')),
  audio: anyObject,
  prediction: anObject({ type: oneOf('content'), content: textContent }, { required: ['content'] }),
  web_search_options: anObject({
    search_context_size: oneOf('low', 'medium', 'high'),
    user_location: anObject({ type: oneOf('approximate'), approximate }, { required: ['type', 'approximate'] }),
  }),
  metadata: anObjectOf(aString({ max: 512 })),
  store: aBoolean,
  service_tier: oneOf('auto', 'default', 'flex', 'scale', 'priority', 'fast'),
  safety_identifier: aString({ max: 64 }),
  prompt_cache_key: aString({ max: 64 }),
  prompt_cache_options: anObject({ mode: oneOf('implicit', 'explicit'), ttl: oneOf('30m') }),
  prompt_cache_retention: oneOf('in_memory', 'in-memory', '24h'),
  user: aString(),
  moderation: anyObject,
  functions: anArray(anyObject),
  function_call: nullable(anything),
};
