import { z } from 'zod';

/**
 * Pictures and films as they are asked of a vendor: complete, judged against the model, and without bytes. What a caller
 * brought along lies at an address of theirs or in the object store, never on the bus (claim-check).
 */
export const RESOLUTIONS = ['360p', '480p', '720p', '1080p', '4k'] as const;
export const FRAME_RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4', '21:9'] as const;
export const FRAME_ROLES = ['first-frame', 'last-frame', 'reference'] as const;
export const PICTURE_FORMATS = ['png', 'jpeg', 'webp'] as const;

/** Where an input is: at a foreign address, or in the object store under a name of ours. */
export const KeptSource = z.discriminatedUnion('type', [
  z.object({ type: z.literal('address'), url: z.string().max(4_096) }),
  z.object({ type: z.literal('asset'), id: z.string().max(200), mediaType: z.string().max(100) }),
]);
export type KeptSource = z.output<typeof KeptSource>;

const Seed = z.number().int();
const Words = z.string().max(64_000);

export const AskedVideo = z.object({
  prompt: Words,
  seconds: z.number().int().positive(),
  resolution: z.enum(RESOLUTIONS),
  aspectRatio: z.enum(FRAME_RATIOS),
  audio: z.boolean().optional(),
  seed: Seed.optional(),
  images: z.array(z.object({ role: z.enum(FRAME_ROLES), source: KeptSource })).max(16),
  style: z.string().optional(),
  motion: z.string().optional(),
  negativePrompt: Words.optional(),
});
export type AskedVideo = z.output<typeof AskedVideo>;

export const AskedImage = z.object({
  prompt: Words,
  n: z.number().int().positive(),
  size: z.templateLiteral([z.number(), 'x', z.number()]),
  aspectRatio: z.string().optional(),
  quality: z.string().optional(),
  style: z.string().optional(),
  background: z.enum(['transparent', 'opaque', 'auto']).optional(),
  moderation: z.enum(['low', 'auto']).optional(),
  inputFidelity: z.enum(['high', 'low']).optional(),
  format: z.enum(PICTURE_FORMATS),
  compression: z.number().int().optional(),
  seed: Seed.optional(),
  negativePrompt: Words.optional(),
  images: z.array(KeptSource).max(16),
  mask: KeptSource.optional(),
  partials: z.number().int().optional(),
  responseFormat: z.enum(['url', 'b64_json']),
});
export type AskedImage = z.output<typeof AskedImage>;

export const MediaAsked = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('video'), request: AskedVideo }),
  z.object({ kind: z.literal('image'), request: AskedImage }),
]);
export type MediaAsked = z.output<typeof MediaAsked>;
