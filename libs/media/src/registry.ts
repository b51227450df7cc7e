/** The one place that names several vendors; everything else knows the canonical forms and itself (law 2). */
import { arkImages } from './ark-images/index.js';
import { arkVideo } from './ark-video/index.js';
import { geminiImages } from './gemini-images/index.js';
import { googleInteractions } from './google-interactions/index.js';
import { googleVeo } from './google-veo/index.js';
import type { ImageVendor, VideoVendor } from './media-vendor.js';
import { GOOGLE_FILM_MODELS } from './models/google-film.js';
import { GPT_IMAGE_MODELS } from './models/gpt-image.js';
import type { ImageModel } from './models/image-model.js';
import { NANO_BANANA_MODELS } from './models/nano-banana.js';
import { rowNames, type ModelNames } from './models/row-name.js';
import { SEEDANCE_MODELS } from './models/seedance.js';
import { SEEDREAM_MODELS } from './models/seedream.js';
import { SORA_MODELS } from './models/sora.js';
import type { VideoModel } from './models/video-model.js';
import { openaiImages } from './openai-images/index.js';
import { openaiVideos } from './openai-videos/index.js';

/** The wires that make films. */
export const VIDEO_VENDORS = {
  'openai-videos': openaiVideos,
  'google-veo': googleVeo,
  'google-interactions': googleInteractions,
  'ark-video': arkVideo,
} as const satisfies Record<string, VideoVendor>;
export type VideoWire = keyof typeof VIDEO_VENDORS;

/** The wires that make pictures. */
export const IMAGE_VENDORS = {
  'openai-images': openaiImages,
  'gemini-images': geminiImages,
  'ark-images': arkImages,
} as const satisfies Record<string, ImageVendor>;
export type ImageWire = keyof typeof IMAGE_VENDORS;

/** A vendor of the catalogue's vendor table, and what it calls the model. */
export interface MediaTarget {
  readonly vendor: string;
  readonly upstreamModel: string;
}

const VIDEO_WIRES: Readonly<Record<string, VideoWire>> = {
  openai: 'openai-videos',
  google: 'google-veo',
  bytedance: 'ark-video',
};
const IMAGE_WIRES: Readonly<Record<string, ImageWire>> = {
  openai: 'openai-images',
  google: 'gemini-images',
  bytedance: 'ark-images',
};
/** Google's films have two wires; the family of the model decides. */
const BY_INTERACTION = /^gemini-/;

/** The wire that a vendor's films are asked for on; absent for a vendor that makes none. */
export function videoWire({ vendor, upstreamModel }: MediaTarget): VideoWire | undefined {
  const wire = Object.hasOwn(VIDEO_WIRES, vendor) ? VIDEO_WIRES[vendor] : undefined;
  return wire === 'google-veo' && BY_INTERACTION.test(upstreamModel) ? 'google-interactions' : wire;
}

/** The wire that a vendor's pictures are asked for on; absent for a vendor that makes none. */
export const imageWire = ({ vendor }: MediaTarget): ImageWire | undefined =>
  Object.hasOwn(IMAGE_WIRES, vendor) ? IMAGE_WIRES[vendor] : undefined;

/** One row per video model of contract 9.8, by its id in the catalogue. */
export const VIDEO_MODELS: Readonly<Record<string, VideoModel>> = {
  ...SORA_MODELS,
  ...GOOGLE_FILM_MODELS,
  ...SEEDANCE_MODELS,
};

/** One row per image model of contract 10, by its id in the catalogue. */
export const IMAGE_MODELS: Readonly<Record<string, ImageModel>> = {
  ...GPT_IMAGE_MODELS,
  ...NANO_BANANA_MODELS,
  ...SEEDREAM_MODELS,
};

/** The row of a video model; absent for one of an operator's own that nobody has described. */
export const findVideoModel = (names: ModelNames): VideoModel | undefined => find(VIDEO_MODELS, names);

/** The row of an image model; absent for one of an operator's own that nobody has described. */
export const findImageModel = (names: ModelNames): ImageModel | undefined => find(IMAGE_MODELS, names);

function find<Row>(rows: Readonly<Record<string, Row>>, names: ModelNames): Row | undefined {
  const name = rowNames(names).find((one) => Object.hasOwn(rows, one));
  return name === undefined ? undefined : rows[name];
}
