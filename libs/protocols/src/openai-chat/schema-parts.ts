import { z } from 'zod';

const Breakpoint = z.looseObject({ ttl: z.string().nullish() }).nullish();
const marked = { prompt_cache_breakpoint: Breakpoint };

const TextPart = z.looseObject({ type: z.literal('text'), text: z.string(), ...marked });
const PARTS = [
  TextPart,
  z.looseObject({
    ...marked,
    type: z.literal('image_url'),
    image_url: z.looseObject({ url: z.string(), detail: z.string().nullish() }),
  }),
  z.looseObject({
    ...marked,
    type: z.literal('input_audio'),
    input_audio: z.looseObject({ data: z.string(), format: z.string() }),
  }),
  z.looseObject({
    ...marked,
    type: z.literal('file'),
    file: z.looseObject({
      file_data: z.string().nullish(),
      file_id: z.string().nullish(),
      filename: z.string().nullish(),
    }),
  }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
] as const;
const partTypes: readonly string[] = PARTS.map(({ shape }) => shape.type.value);
const KnownPart = z.discriminatedUnion('type', PARTS);
export const Part = z.union([
  KnownPart,
  z.looseObject({
    type: z
      .string()
      .refine((type) => !partTypes.includes(type), { error: 'a known part with a wrong shape', abort: true }),
  }),
]);

/** Where one company's compatible endpoint keeps the signature of a call. */
export const ExtraContent = z
  .looseObject({ google: z.looseObject({ thought_signature: z.string().nullish() }).nullish() })
  .nullish();

const FunctionCall = z.looseObject({
  id: z.string(),
  extra_content: ExtraContent,
  type: z.literal('function').nullish(),
  function: z.looseObject({ name: z.string(), arguments: z.string().nullish() }),
});
const CustomCall = z.looseObject({
  id: z.string(),
  extra_content: ExtraContent,
  type: z.literal('custom'),
  custom: z.looseObject({ name: z.string(), input: z.string() }),
});
export const ToolCall = z.union([CustomCall, FunctionCall]);

/** Reasoning has no slot of its own on this wire; these are what vendors and their clients use. */
export const reasoningFields = {
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_details: z
    .array(
      z.looseObject({
        type: z.string().nullish(),
        text: z.string().nullish(),
        summary: z.string().nullish(),
        id: z.string().nullish(),
        data: z.string().nullish(),
        length: z.number().nullish(),
      }),
    )
    .nullish(),
  thinking_blocks: z.array(z.looseObject({ thinking: z.string().nullish() })).nullish(),
};

export type WirePart = z.output<typeof Part>;
export type WireKnownPart = z.output<typeof KnownPart>;

export const isKnownPart = (part: WirePart): part is WireKnownPart => partTypes.includes(part.type);
