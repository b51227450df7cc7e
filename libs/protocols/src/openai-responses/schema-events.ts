import { z } from 'zod';

import { anyObject } from '../any-object.js';
import { unknownNode } from './unknown-node.js';

const text = z.string().nullish();
const count = z.number().nullish();

export const WireUsage = z.looseObject({
  input_tokens: count,
  input_tokens_details: z
    .looseObject({
      cached_tokens: count,
      cache_write_tokens: count,
      cache_write_tokens_details: z.looseObject({ ttl_30m_tokens: count, ttl_12h_tokens: count }).nullish(),
    })
    .nullish(),
  output_tokens: count,
  output_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish(),
  total_tokens: count,
});

const Annotation = z.looseObject({
  type: z.string(),
  url: text,
  title: text,
  start_index: count,
  end_index: count,
});
const OutputPart = z.looseObject({ type: text, text, refusal: text, annotations: z.array(Annotation).nullish() });

/** An item of an answer, as much of it as is read; what a vendor leaves out is found missing where it is needed. */
export const OutputItem = z.looseObject({
  type: z.string(),
  id: text,
  call_id: text,
  name: text,
  namespace: text,
  arguments: z.unknown().optional(),
  input: text,
  phase: text,
  content: z.union([z.array(OutputPart), z.string()]).nullish(),
  summary: z.array(OutputPart).nullish(),
  encrypted_content: text,
  action: anyObject.nullish(),
  result: z.unknown().optional(),
});

const Failure = z.looseObject({ code: text, message: text, type: text, param: text });

export const WireResponse = z.looseObject({
  id: text,
  model: text,
  created_at: count,
  status: text,
  error: Failure.nullish(),
  incomplete_details: z.looseObject({ reason: text }).nullish(),
  output: z.array(OutputItem),
  usage: WireUsage.nullish(),
  tool_usage: z.looseObject({ web_search: z.looseObject({ num_requests: count }).nullish() }).nullish(),
  service_tier: text,
});

const index = z.number().int().nonnegative();
const at = { output_index: index };
const response = { response: WireResponse.partial({ output: true }) };

const delta = <T extends string>(type: T) =>
  z.looseObject({ type: z.literal(type), ...at, content_index: index.nullish(), delta: z.string() });

const EVENTS = [
  z.looseObject({ type: z.literal('response.created'), ...response }),
  z.looseObject({ type: z.literal('response.queued'), ...response }),
  z.looseObject({ type: z.literal('response.in_progress'), ...response }),
  z.looseObject({ type: z.literal('response.completed'), ...response }),
  z.looseObject({ type: z.literal('response.incomplete'), ...response }),
  z.looseObject({ type: z.literal('response.failed'), ...response }),
  z.looseObject({ type: z.literal('response.output_item.added'), ...at, item: OutputItem }),
  z.looseObject({ type: z.literal('response.output_item.done'), ...at, item: OutputItem }),
  z.looseObject({ type: z.literal('response.content_part.added'), ...at, content_index: index, part: OutputPart }),
  z.looseObject({ type: z.literal('response.content_part.done'), ...at, content_index: index, part: OutputPart }),
  delta('response.output_text.delta'),
  z.looseObject({ type: z.literal('response.output_text.done'), ...at, content_index: index.nullish(), text }),
  z.looseObject({
    type: z.literal('response.output_text.annotation.added'),
    ...at,
    content_index: index.nullish(),
    annotation: Annotation.nullish(),
  }),
  delta('response.refusal.delta'),
  z.looseObject({ type: z.literal('response.refusal.done'), ...at, content_index: index.nullish(), refusal: text }),
  z.looseObject({
    type: z.literal('response.reasoning_summary_text.delta'),
    ...at,
    summary_index: index.nullish(),
    delta: z.string(),
  }),
  z.looseObject({
    type: z.literal('response.reasoning_summary_text.done'),
    ...at,
    summary_index: index.nullish(),
    text,
  }),
  delta('response.reasoning_text.delta'),
  z.looseObject({ type: z.literal('response.reasoning_text.done'), ...at, content_index: index.nullish(), text }),
  delta('response.function_call_arguments.delta'),
  z.looseObject({ type: z.literal('response.function_call_arguments.done'), ...at, arguments: text, name: text }),
  delta('response.custom_tool_call_input.delta'),
  z.looseObject({ type: z.literal('response.custom_tool_call_input.done'), ...at, input: text }),
  z.looseObject({
    type: z.literal('error'),
    code: text,
    message: text,
    error: z.union([Failure, z.string()]).nullish(),
  }),
] as const;
const eventTypes: readonly string[] = EVENTS.map(({ shape }) => shape.type.value);
const KnownEvent = z.discriminatedUnion('type', EVENTS);

/** Some look-alikes tell of a failure in a record without a type. */
const BareError = z.looseObject({ type: z.undefined().optional(), error: z.union([Failure, z.string()]) });

export const WireChunk = z.union([KnownEvent, BareError, unknownNode(eventTypes)]);

export type WireUsage = z.output<typeof WireUsage>;
export type WireOutputPart = z.output<typeof OutputPart>;
export type WireOutputItem = z.output<typeof OutputItem>;
export type WireResponse = z.output<typeof WireResponse>;
export type WireChunk = z.output<typeof WireChunk>;
export type WireEvent = z.output<typeof KnownEvent>;
export type WireBareError = z.output<typeof BareError>;

export const isKnownEvent = (chunk: WireChunk): chunk is WireEvent =>
  typeof chunk.type === 'string' && eventTypes.includes(chunk.type);
export const isBareError = (chunk: WireChunk): chunk is WireBareError => chunk.type === undefined && 'error' in chunk;
