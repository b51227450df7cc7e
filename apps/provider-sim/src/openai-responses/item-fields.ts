import type { Check } from '../openai/fields.js';
import {
  HELPER_FIELDS,
  aBoolean,
  aString,
  anArray,
  anObject,
  anything,
  anyObject,
  isObject,
  oneOf,
  stringOr,
  taggedBy,
} from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import { TOOL_NAME, tools } from './tool-fields.js';

const TYPE = anything;

/** Ids made by OpenAI say by their beginning what they name; a foreign one is refused. */
const idLike =
  (prefix: string): Check =>
  (value, path) => {
    aString()(value, path);
    if (!String(value).startsWith(prefix))
      refuse(`Invalid '${path}': '${String(value)}'. Expected an ID that begins with '${prefix}'.`, {
        param: path,
        code: 'invalid_value',
      });
  };

const breakpoint = anObject({ mode: oneOf('explicit'), ttl: aString() });
const textPart = anObject({ type: TYPE, text: aString(), prompt_cache_breakpoint: breakpoint }, { required: ['text'] });

const IMAGE_URL = /^(https?:\/\/|data:image\/(png|jpeg|jpg|gif|webp);base64,)/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const imageUrl: Check = (value, path) => {
  aString()(value, path);
  if (!IMAGE_URL.test(String(value).slice(0, 64)))
    refuse(`Invalid '${path}'. Expected a valid URL, but got a value with an invalid format.`, {
      param: path,
      code: 'invalid_value',
    });
};
const base64Image: Check = (value, path) => {
  imageUrl(value, path);
  const [, data] = /^data:[^,]*,(.*)$/s.exec(String(value)) ?? [];
  if (data !== undefined && !BASE64.test(data))
    refuse(
      `Invalid '${path}'. Expected a base64-encoded data URL with an image MIME type, but got a value that is not valid base64.`,
      { param: path, code: 'invalid_value' },
    );
};
const image = anObject({
  type: TYPE,
  image_url: base64Image,
  file_id: aString(),
  detail: oneOf('auto', 'low', 'high', 'original'),
  prompt_cache_breakpoint: breakpoint,
});
const file = anObject({
  type: TYPE,
  file_data: aString(),
  file_url: aString(),
  file_id: aString(),
  filename: aString(),
  detail: oneOf('auto', 'low', 'high'),
  prompt_cache_breakpoint: breakpoint,
});
const INPUT_PARTS = { input_text: textPart, input_image: image, input_file: file } as const;
const inputParts = anArray(taggedBy('type', INPUT_PARTS));
const audio = anObject({ type: TYPE, input_audio: anyObject });

const outputText = anObject(
  { type: TYPE, text: aString(), annotations: anArray(anyObject), logprobs: anArray(anything), ...HELPER_FIELDS },
  { required: ['text'] },
);
const refusal = anObject({ type: TYPE, refusal: aString() }, { required: ['refusal'] });

const userContent = stringOr(anArray(taggedBy('type', { ...INPUT_PARTS, input_audio: audio })));
const assistantContent = stringOr(anArray(taggedBy('type', { output_text: outputText, refusal })));
const STATUS = oneOf('in_progress', 'completed', 'incomplete');

const inputMessage = anObject(
  { type: TYPE, id: aString(), role: TYPE, status: STATUS, content: userContent, phase: anything },
  { required: ['content'] },
);
const message = taggedBy('role', {
  assistant: anObject(
    {
      type: TYPE,
      id: idLike('msg'),
      role: TYPE,
      status: STATUS,
      content: assistantContent,
      phase: oneOf('commentary', 'final_answer'),
    },
    { required: ['content'] },
  ),
  system: inputMessage,
  developer: inputMessage,
  user: inputMessage,
});

const caller = anyObject;
const callId = aString({ max: 64 });
const result = anObject(
  { type: TYPE, id: aString(), call_id: callId, output: stringOr(inputParts), status: STATUS, name: aString(), caller },
  { required: ['call_id', 'output'] },
);

const ITEMS: Readonly<Record<string, Check>> = {
  message,
  reasoning: anObject(
    {
      type: TYPE,
      id: idLike('rs'),
      summary: anArray(
        taggedBy('type', { summary_text: anObject({ type: TYPE, text: aString() }, { required: ['text'] }) }),
      ),
      content: anArray(
        taggedBy('type', { reasoning_text: anObject({ type: TYPE, text: aString() }, { required: ['text'] }) }),
      ),
      encrypted_content: aString(),
      status: STATUS,
    },
    { required: ['summary'] },
  ),
  function_call: anObject(
    {
      type: TYPE,
      id: idLike('fc'),
      call_id: callId,
      name: TOOL_NAME,
      arguments: aString(),
      ...HELPER_FIELDS,
      status: STATUS,
      namespace: aString(),
      caller,
      async: aBoolean,
    },
    { required: ['call_id', 'name', 'arguments'] },
  ),
  function_call_output: result,
  custom_tool_call: anObject(
    {
      type: TYPE,
      id: idLike('ctc'),
      call_id: callId,
      name: TOOL_NAME,
      input: aString(),
      status: STATUS,
      namespace: aString(),
      caller,
      async: aBoolean,
    },
    { required: ['call_id', 'name', 'input'] },
  ),
  custom_tool_call_output: result,
  web_search_call: anObject(
    { type: TYPE, id: idLike('ws'), status: anything, action: anyObject },
    { required: ['id'] },
  ),
  item_reference: anObject({ type: TYPE, id: aString() }, { required: ['id'] }),
  additional_tools: anObject({ type: TYPE, id: aString(), role: anything, tools }, { required: ['tools'] }),
  ...Object.fromEntries(
    [
      'file_search_call',
      'code_interpreter_call',
      'image_generation_call',
      'computer_call',
      'computer_call_output',
      'local_shell_call',
      'local_shell_call_output',
      'shell_call',
      'shell_call_output',
      'apply_patch_call',
      'apply_patch_call_output',
      'mcp_list_tools',
      'mcp_call',
      'mcp_approval_request',
      'mcp_approval_response',
      'tool_search_call',
      'tool_search_output',
      'program',
      'program_output',
      'compaction',
      'compaction_trigger',
      'configuration_update',
    ].map((type) => [type, anyObject]),
  ),
};

const item: Check = (value, path) => {
  const isBareMessage = isObject(value) && value['type'] === undefined && value['role'] !== undefined;
  const isBareReference =
    isObject(value) && value['type'] === undefined && value['role'] === undefined && value['id'] !== undefined;
  taggedBy('type', ITEMS, { fallback: isBareReference ? 'item_reference' : isBareMessage ? 'message' : undefined })(
    value,
    path,
  );
};

/** The items of `input`, each by its own table. */
export const inputItems: Check = anArray(item);
