import { z } from 'zod';

import { anyObject } from '../any-object.js';
import { Tool } from './schema-tools.js';
import { unknownNode } from './unknown-node.js';

const Breakpoint = z.looseObject({ mode: z.string().nullish(), ttl: z.string().nullish() }).nullish();

const Annotation = z.looseObject({
  type: z.string(),
  url: z.string().nullish(),
  title: z.string().nullish(),
  start_index: z.number().nullish(),
  end_index: z.number().nullish(),
});

const PARTS = [
  z.looseObject({ type: z.literal('input_text'), text: z.string(), prompt_cache_breakpoint: Breakpoint }),
  z
    .looseObject({
      type: z.literal('input_image'),
      image_url: z.string().nullish(),
      file_id: z.string().nullish(),
      detail: z.string().nullish(),
      prompt_cache_breakpoint: Breakpoint,
    })
    .refine(({ image_url, file_id }) => image_url || file_id, 'needs an image_url or a file_id'),
  z
    .looseObject({
      type: z.literal('input_file'),
      file_data: z.string().nullish(),
      file_url: z.string().nullish(),
      file_id: z.string().nullish(),
      filename: z.string().nullish(),
      detail: z.string().nullish(),
      prompt_cache_breakpoint: Breakpoint,
    })
    .refine((part) => part.file_data || part.file_url || part.file_id, 'needs file_data, a file_url or a file_id'),
  z.looseObject({
    type: z.literal('input_audio'),
    input_audio: z.looseObject({ data: z.string(), format: z.string() }),
  }),
  z.looseObject({ type: z.literal('output_text'), text: z.string(), annotations: z.array(Annotation).nullish() }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
] as const;
const partTypes: readonly string[] = PARTS.map(({ shape }) => shape.type.value);
const KnownPart = z.discriminatedUnion('type', PARTS);
const Part = z.union([KnownPart, unknownNode(partTypes)]);
const Content = z.union([z.string(), z.array(Part)]);

const message = {
  id: z.string().nullish(),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: Content,
  phase: z.string().nullish(),
};
const call = {
  id: z.string().nullish(),
  call_id: z.string().min(1),
  name: z.string().min(1),
  namespace: z.string().nullish(),
};
const result = { call_id: z.string().min(1), output: Content };
const Text = z.looseObject({ type: z.string().nullish(), text: z.string() });

const ITEMS = [
  z.looseObject({ type: z.literal('message'), ...message }),
  z.looseObject({
    type: z.literal('reasoning'),
    id: z.string().nullish(),
    summary: z.array(Text).nullish(),
    content: z.array(Text).nullish(),
    encrypted_content: z.string().nullish(),
  }),
  z.looseObject({ type: z.literal('function_call'), ...call, arguments: z.string() }),
  z.looseObject({ type: z.literal('custom_tool_call'), ...call, input: z.string() }),
  z.looseObject({ type: z.literal('function_call_output'), ...result }),
  z.looseObject({ type: z.literal('custom_tool_call_output'), ...result }),
  z.looseObject({ type: z.literal('web_search_call'), id: z.string().nullish(), action: anyObject.nullish() }),
  z.looseObject({ type: z.literal('additional_tools'), tools: z.array(Tool) }),
  z.looseObject({ type: z.literal('item_reference'), id: z.string() }),
] as const;
const itemTypes: readonly string[] = ITEMS.map(({ shape }) => shape.type.value);
const KnownItem = z.discriminatedUnion('type', ITEMS);
const absent = z.null().optional();
/** A message may leave out its type, and so may a reference, which has nothing but its id. */
const BareMessage = z.looseObject({ type: absent, ...message });
const BareReference = z.looseObject({ type: absent, role: z.undefined().optional(), id: z.string() });
export const Item = z.union([KnownItem, BareMessage, BareReference, unknownNode(itemTypes)]);

export type WirePart = z.output<typeof Part>;
export type WireKnownPart = z.output<typeof KnownPart>;
export type WireContent = z.output<typeof Content>;
export type WireAnnotation = z.output<typeof Annotation>;
export type WireItem = z.output<typeof Item>;
export type WireKnownItem = z.output<typeof KnownItem>;

export const isKnownPart = (part: WirePart): part is WireKnownPart => partTypes.includes(part.type);
export const isKnownItem = (item: WireItem): item is WireKnownItem =>
  typeof item.type === 'string' && itemTypes.includes(item.type);
