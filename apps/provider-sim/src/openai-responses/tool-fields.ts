import type { Check } from '../openai/fields.js';
import {
  aBoolean,
  aName,
  aString,
  anArray,
  anObject,
  anything,
  anyObject,
  isObject,
  missingParameter,
  nullable,
  oneOf,
  taggedBy,
} from '../openai/fields.js';

export const TOOL_NAME = aName(/^[a-zA-Z0-9_-]+$/, 64);
const TYPE = anything;

const callers = anArray(oneOf('direct', 'programmatic'));
const functionTool = anObject(
  {
    type: TYPE,
    name: TOOL_NAME,
    description: aString(),
    parameters: anyObject,
    strict: aBoolean,
    defer_loading: aBoolean,
    output_schema: anyObject,
    allowed_callers: callers,
    async: aBoolean,
  },
  { required: ['name'] },
);
const customTool = anObject(
  {
    type: TYPE,
    name: TOOL_NAME,
    description: aString(),
    format: taggedBy('type', {
      text: anObject({ type: TYPE }),
      grammar: anObject(
        { type: TYPE, definition: aString(), syntax: oneOf('lark', 'regex') },
        { required: ['definition', 'syntax'] },
      ),
    }),
    defer_loading: aBoolean,
    allowed_callers: callers,
    async: aBoolean,
  },
  { required: ['name'] },
);
const webSearch = anObject({
  type: TYPE,
  filters: anObject({
    allowed_domains: anArray(aString(), { max: 100 }),
    blocked_domains: anArray(aString(), { max: 100 }),
  }),
  search_context_size: oneOf('low', 'medium', 'high'),
  user_location: anObject({
    type: oneOf('approximate'),
    city: aString(),
    country: aString(),
    region: aString(),
    timezone: aString(),
  }),
  external_web_access: aBoolean,
  search_content_types: anArray(aString()),
});
/** Hosted tools that the simulator accepts and never uses: their own fields are not looked at. */
const hosted: Check = anyObject;

const hostedWith =
  (field: string): Check =>
  (value, path) => {
    if (isObject(value) && value[field] === undefined) missingParameter(`${path}.${field}`);
  };

const TOOLS: Readonly<Record<string, Check>> = {
  function: functionTool,
  custom: customTool,
  namespace: anObject(
    {
      type: TYPE,
      name: TOOL_NAME,
      description: aString(),
      tools: anArray(taggedBy('type', { function: functionTool, custom: customTool }), { min: 1 }),
    },
    { required: ['name', 'tools'] },
  ),
  web_search: webSearch,
  web_search_2025_08_26: webSearch,
  web_search_preview: webSearch,
  web_search_preview_2025_03_11: webSearch,
  file_search: hostedWith('vector_store_ids'),
  code_interpreter: hostedWith('container'),
  image_generation: hosted,
  computer: hosted,
  computer_use_preview: hosted,
  mcp: hostedWith('server_label'),
  shell: hosted,
  local_shell: hosted,
  apply_patch: hosted,
  tool_search: hosted,
  programmatic_tool_calling: hosted,
};

export const tools: Check = anArray(taggedBy('type', TOOLS));

const NAMED = anObject({ type: TYPE, name: aString(), namespace: aString() }, { required: ['name'] });
const BARE = anObject({ type: TYPE });

export const toolChoice: Check = (value, path) => {
  if (typeof value === 'string') return oneOf('none', 'auto', 'required')(value, path);
  taggedBy('type', {
    function: NAMED,
    custom: NAMED,
    mcp: anObject({ type: TYPE, server_label: aString(), name: nullable(aString()) }, { required: ['server_label'] }),
    allowed_tools: anObject(
      { type: TYPE, mode: oneOf('auto', 'required'), tools: anArray(anyObject) },
      { required: ['mode', 'tools'] },
    ),
    web_search: BARE,
    web_search_preview: BARE,
    file_search: BARE,
    code_interpreter: BARE,
    image_generation: BARE,
    computer: BARE,
    apply_patch: BARE,
    shell: BARE,
    programmatic_tool_calling: BARE,
  })(value, path);
};
