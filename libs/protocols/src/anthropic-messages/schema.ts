import { z } from 'zod';

import { anyObject } from '../any-object.js';

const CacheControl = z.looseObject({ type: z.string(), ttl: z.string().nullish() }).nullish();

/** Whether the model is asked to cite. */
const Citable = z.looseObject({ enabled: z.boolean().nullish() }).nullish();

const TextBlock = z.looseObject({
  type: z.literal('text'),
  text: z.string(),
  cache_control: CacheControl,
  citations: z.array(z.looseObject({ type: z.string() })).nullish(),
});

const ImageBlock = z.looseObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
    z.looseObject({ type: z.literal('url'), url: z.string() }),
    z.looseObject({ type: z.literal('file'), file_id: z.string() }),
  ]),
  transformations: anyObject.nullish(),
  cache_control: CacheControl,
});

const DocumentBlock = z.looseObject({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
    z.looseObject({ type: z.literal('url'), url: z.string() }),
    z.looseObject({ type: z.literal('file'), file_id: z.string() }),
    z.looseObject({ type: z.literal('text'), data: z.string() }),
    z.looseObject({
      type: z.literal('content'),
      content: z.union([z.string(), z.array(z.discriminatedUnion('type', [TextBlock, ImageBlock]))]),
    }),
  ]),
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: Citable,
  cache_control: CacheControl,
});

const SearchResultBlock = z.looseObject({
  type: z.literal('search_result'),
  source: z.string(),
  title: z.string(),
  content: z.array(TextBlock),
  citations: Citable,
  cache_control: CacheControl,
});

const ToolReferenceBlock = z.looseObject({ type: z.literal('tool_reference'), tool_name: z.string() });

const RESULT_BLOCKS = [TextBlock, ImageBlock, DocumentBlock, SearchResultBlock, ToolReferenceBlock] as const;
const resultTypes: readonly string[] = RESULT_BLOCKS.map(({ shape }) => shape.type.value);

/** A block of a kind this gateway has not met. A known kind with a wrong shape is not one: it is refused. */
const unknownBlock = (known: readonly string[]) =>
  z.looseObject({
    type: z
      .string()
      .refine((type) => !known.includes(type), { error: 'a known block with a wrong shape', abort: true }),
  });

const KnownResultBlock = z.discriminatedUnion('type', RESULT_BLOCKS);
const ResultBlock = z.union([KnownResultBlock, unknownBlock(resultTypes)]);

const BLOCKS = [
  TextBlock,
  ImageBlock,
  DocumentBlock,
  SearchResultBlock,
  z.looseObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().nullish() }),
  z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() }),
  z.looseObject({
    type: z.literal('tool_use'),
    id: z.string().min(1),
    name: z.string().min(1),
    input: anyObject,
    cache_control: CacheControl,
  }),
  z.looseObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string().min(1),
    content: z.union([z.string(), z.array(ResultBlock)]).nullish(),
    is_error: z.boolean().nullish(),
    cache_control: CacheControl,
  }),
  z.looseObject({ type: z.literal('server_tool_use'), id: z.string(), name: z.string(), input: anyObject }),
  z.looseObject({ type: z.literal('web_search_tool_result'), tool_use_id: z.string(), content: z.unknown() }),
] as const;
const blockTypes: readonly string[] = BLOCKS.map(({ shape }) => shape.type.value);

const KnownBlock = z.discriminatedUnion('type', BLOCKS);
const UnknownBlock = unknownBlock(blockTypes);
const Block = z.union([KnownBlock, UnknownBlock]);

const Tool = z.looseObject({
  type: z.string().nullish(),
  name: z.string().optional(),
  description: z.string().nullish(),
  input_schema: anyObject.nullish(),
  strict: z.boolean().nullish(),
  defer_loading: z.boolean().nullish(),
  eager_input_streaming: z.boolean().nullish(),
  input_examples: z.array(z.unknown()).nullish(),
  allowed_callers: z.array(z.string()).nullish(),
  cache_control: CacheControl,
});

const Format = z.looseObject({ type: z.string(), schema: anyObject.optional() });

export const WireRequest = z.looseObject({
  model: z.string(),
  max_tokens: z.number().int().nonnegative(),
  messages: z.array(
    z.looseObject({
      role: z.enum(['user', 'assistant', 'system']),
      content: z.union([z.string(), z.array(Block)]),
    }),
  ),
  system: z.union([z.string(), z.array(TextBlock)]).nullish(),
  stream: z.boolean().nullish(),
  tools: z.array(Tool).nullish(),
  tool_choice: z
    .looseObject({
      type: z.enum(['auto', 'any', 'tool', 'none']),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().nullish(),
    })
    .nullish(),
  thinking: z
    .looseObject({ type: z.string(), budget_tokens: z.number().int().nullish(), display: z.string().nullish() })
    .nullish(),
  output_config: z.looseObject({ effort: z.string().nullish(), format: Format.nullish() }).nullish(),
  // Where the beta had the format before; agents still send it there.
  output_format: Format.nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  service_tier: z.string().nullish(),
  speed: z.string().nullish(),
  cache_control: CacheControl,
});

const count = z.number().nullish();
const WireUsage = z.looseObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: z.looseObject({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }).nullish(),
  output_tokens_details: z.looseObject({ thinking_tokens: count }).nullish(),
  server_tool_use: z.looseObject({ web_search_requests: count }).nullish(),
  service_tier: z.string().nullish(),
});

const StopDetails = z.looseObject({ category: z.string().nullish(), explanation: z.string().nullish() }).nullish();

export const WireResponse = z.looseObject({
  id: z.string(),
  type: z.literal('message'),
  model: z.string(),
  content: z.array(Block),
  stop_reason: z.string(),
  stop_sequence: z.string().nullish(),
  stop_details: StopDetails,
  usage: WireUsage.nullish(),
});

const index = z.number().int().nonnegative();

const CHUNKS = [
  z.looseObject({
    type: z.literal('message_start'),
    message: z.looseObject({ id: z.string(), model: z.string(), usage: WireUsage.nullish() }),
  }),
  z.looseObject({ type: z.literal('content_block_start'), index, content_block: Block }),
  z.looseObject({
    type: z.literal('content_block_delta'),
    index,
    delta: z.looseObject({
      type: z.string(),
      text: z.string().optional(),
      thinking: z.string().optional(),
      signature: z.string().optional(),
      partial_json: z.string().optional(),
      citation: z.looseObject({ type: z.string() }).optional(),
    }),
  }),
  z.looseObject({ type: z.literal('content_block_stop'), index }),
  z.looseObject({
    type: z.literal('message_delta'),
    delta: z.looseObject({
      stop_reason: z.string().nullish(),
      stop_sequence: z.string().nullish(),
      stop_details: StopDetails,
    }),
    usage: WireUsage.nullish(),
  }),
  z.looseObject({ type: z.literal('message_stop') }),
  z.looseObject({ type: z.literal('ping') }),
  z.looseObject({
    type: z.literal('error'),
    error: z.looseObject({ type: z.string().nullish(), message: z.string().nullish() }),
  }),
] as const;
const chunkTypes: readonly string[] = CHUNKS.map(({ shape }) => shape.type.value);
const KnownChunk = z.discriminatedUnion('type', CHUNKS);

/** Some look-alikes fail in another company's envelope, which has no type (protocols 4.1). */
const BareError = z.looseObject({ type: z.undefined().optional(), error: z.looseObject({}) });

export const WireChunk = z.union([KnownChunk, unknownBlock(chunkTypes), BareError]);

export type WireRequest = z.output<typeof WireRequest>;
export type WireMessage = WireRequest['messages'][number];
export type WireFormat = z.output<typeof Format>;
export type WireTool = z.output<typeof Tool>;
export type WireBlock = z.output<typeof Block>;
export type WireKnownBlock = z.output<typeof KnownBlock>;
export type WireTextBlock = z.output<typeof TextBlock>;
export type WireResultBlock = z.output<typeof ResultBlock>;
export type WireResponse = z.output<typeof WireResponse>;
export type WireUsage = z.output<typeof WireUsage>;
export type WireChunk = z.output<typeof WireChunk>;
export type WireKnownChunk = z.output<typeof KnownChunk>;

export const isKnownBlock = (block: WireBlock): block is WireKnownBlock => blockTypes.includes(block.type);
export const isKnownResultBlock = (block: WireResultBlock): block is z.output<typeof KnownResultBlock> =>
  resultTypes.includes(block.type);
export const isKnownChunk = (chunk: WireChunk): chunk is WireKnownChunk =>
  typeof chunk.type === 'string' && chunkTypes.includes(chunk.type);
