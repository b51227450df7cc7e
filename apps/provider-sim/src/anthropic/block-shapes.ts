import type { Fields, Shape } from './shape.js';
import {
  anything,
  dictionary,
  flag,
  integer,
  listOf,
  matching,
  nullable,
  oneOf,
  record,
  refuseAt,
  tagged,
  text,
  textOr,
} from './shape.js';

const type: Fields = { type: text };
const callId: Shape = matching(/^[a-zA-Z0-9_-]+$/);

export const cacheControl: Shape = nullable(
  record({ type: oneOf('ephemeral') }, { ttl: oneOf('5m', '1h'), scope: text }),
);
const cached: Fields = { cache_control: cacheControl };

/** Standard base64, whole groups only; the data itself is not decoded to be looked at. */
const base64: Shape = (value, path) => {
  text(value, path);
  const data = String(value);
  if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) refuseAt(path, 'Invalid base64 data');
};

const imageSource = tagged({
  base64: record({
    ...type,
    media_type: oneOf('image/jpeg', 'image/png', 'image/gif', 'image/webp'),
    data: base64,
  }),
  url: record({ ...type, url: text }),
  file: record({ ...type, file_id: text }),
});

const textBlock = record({ ...type, text }, { ...cached, citations: nullable(listOf(dictionary)) });

const image = record({ ...type, source: imageSource }, { ...cached, transformations: nullable(dictionary) });

const documentSource = tagged({
  base64: record({ ...type, media_type: oneOf('application/pdf'), data: base64 }),
  text: record({ ...type, media_type: oneOf('text/plain'), data: text }),
  content: record({ ...type, content: textOr(listOf(tagged({ text: textBlock, image }))) }),
  url: record({ ...type, url: text }),
  file: record({ ...type, file_id: text }),
});

const document = record(
  { ...type, source: documentSource },
  { ...cached, title: nullable(text), context: nullable(text), citations: nullable(dictionary) },
);

const searchResult = record(
  { ...type, content: listOf(tagged({ text: textBlock })), source: text, title: text },
  { ...cached, citations: dictionary },
);

const toolResult = record(
  { ...type, tool_use_id: callId },
  {
    ...cached,
    is_error: nullable(flag),
    toolset_name: nullable(text),
    content: textOr(
      listOf(
        tagged({
          text: textBlock,
          image,
          search_result: searchResult,
          document,
          tool_reference: record({ ...type, tool_name: text }, cached),
          browser_state: anything,
        }),
      ),
    ),
  },
);

const call: Fields = { ...type, id: callId, name: text, input: dictionary };

/** What a server tool leaves behind is replayed verbatim, so only its frame is looked at. */
const serverResult = record({ ...type, tool_use_id: text, content: anything }, { ...cached, caller: dictionary });

/** Every block a message may hold; which role may hold which is checked separately, with its own message. */
export const contentBlock = tagged({
  text: textBlock,
  image,
  document,
  search_result: searchResult,
  thinking: record({ ...type, thinking: text, signature: text }),
  redacted_thinking: record({ ...type, data: text }),
  tool_use: record(call, { ...cached, caller: nullable(dictionary), toolset_name: nullable(text) }),
  tool_result: toolResult,
  server_tool_use: record(call, { ...cached, caller: nullable(dictionary) }),
  web_search_tool_result: serverResult,
  web_fetch_tool_result: serverResult,
  code_execution_tool_result: serverResult,
  bash_code_execution_tool_result: serverResult,
  text_editor_code_execution_tool_result: serverResult,
  tool_search_tool_result: serverResult,
  container_upload: record({ ...type, file_id: text }, cached),
  mcp_tool_use: anything,
  mcp_tool_result: anything,
  mcp_tool_listing: anything,
  advisor_tool_result: anything,
  compaction: anything,
  fallback: anything,
  tool_addition: anything,
  tool_removal: anything,
});

export const systemBlocks = textOr(listOf(tagged({ text: textBlock })));

export const thinkingConfig = tagged({
  enabled: record({ ...type, budget_tokens: integer(1024) }, { display: nullable(text), block_binding: anything }),
  adaptive: record(type, { display: nullable(text), block_binding: anything }),
  between_tools: record(type, { display: nullable(text) }),
  disabled: record(type),
});
