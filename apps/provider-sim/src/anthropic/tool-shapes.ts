import { cacheControl } from './block-shapes.js';
import type { Shape } from './shape.js';
import {
  anything,
  dictionary,
  flag,
  isRecord,
  listOf,
  matching,
  nullable,
  record,
  refuseAt,
  tagged,
  text,
} from './shape.js';

const inputSchema: Shape = (value, path) => {
  dictionary(value, path);
  if (!isRecord(value)) return;
  if (value.type === undefined) refuseAt(`${path}.type`, 'Field required');
  if (value.type !== 'object') refuseAt(`${path}.type`, "Input should be 'object'");
};

const custom = record(
  { name: matching(/^[a-zA-Z0-9_-]{1,128}$/), input_schema: inputSchema },
  {
    type: nullable(text),
    description: text,
    strict: nullable(flag),
    cache_control: cacheControl,
    defer_loading: flag,
    eager_input_streaming: nullable(flag),
    input_examples: listOf(dictionary),
    allowed_callers: listOf(text),
  },
);

/** Typed tools: those the client runs and those the vendor runs. Their own options are not the simulator's business. */
const CLIENT_TYPED = /^(bash|memory|text_editor|computer|browser_toolset|computer_toolset)_\d{8}$/;
const SERVER_TYPED =
  /^(web_search|web_fetch|code_execution|tool_search_tool_regex|tool_search_tool_bm25|advisor)_\d{8}$|^mcp_toolset$/;

export const isServerTool = (type: unknown): boolean => typeof type === 'string' && SERVER_TYPED.test(type);
export const isWebSearch = (type: unknown): boolean => typeof type === 'string' && type.startsWith('web_search_');

const KNOWN_TYPES =
  "'bash_20250124', 'custom', 'text_editor_20250124', 'text_editor_20250429', 'text_editor_20250728', 'web_search_20250305', 'web_search_20260209', 'web_search_20260318'";

const searchTool = record(
  { type: text, name: text },
  {
    max_uses: nullable(anything),
    allowed_domains: nullable(listOf(text)),
    blocked_domains: nullable(listOf(text)),
    user_location: nullable(dictionary),
    cache_control: cacheControl,
    allowed_callers: listOf(text),
    defer_loading: flag,
    strict: nullable(flag),
    response_inclusion: nullable(text),
  },
);

export const tool: Shape = (value, path) => {
  if (!isRecord(value)) return refuseAt(path, 'Input should be a valid dictionary');
  const type = value.type ?? 'custom';
  if (type === 'custom') return custom(value, `${path}.custom`);
  if (isWebSearch(type)) {
    searchTool(value, `${path}.${String(type)}`);
    if (Array.isArray(value.allowed_domains) && Array.isArray(value.blocked_domains)) {
      refuseAt(path, 'Only one of `allowed_domains` and `blocked_domains` may be provided.');
    }
    return;
  }
  if (typeof type === 'string' && (CLIENT_TYPED.test(type) || SERVER_TYPED.test(type))) return;
  refuseAt(
    path,
    `Input tag '${String(type)}' found using 'type' does not match any of the expected tags: ${KNOWN_TYPES}`,
  );
};

const parallel = { type: text, disable_parallel_tool_use: flag };

export const toolChoice = tagged({
  auto: record({}, parallel),
  any: record({}, parallel),
  tool: record({ name: text }, parallel),
  none: record({ type: text }),
});
