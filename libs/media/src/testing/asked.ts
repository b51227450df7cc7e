import { fitImage } from '../models/fit-image.js';
import { fitVideo } from '../models/fit-video.js';
import { IMAGE_MODELS, VIDEO_MODELS } from '../registry.js';
import type { ImageRequest } from '../requests/image-request.js';
import { readImageWish } from '../requests/read-image-wish.js';
import { readVideoWish } from '../requests/read-video-wish.js';
import type { VideoRequest } from '../requests/video-request.js';

/** A film as a client of that model would ask for it. */
export const film = (model: string, params: Record<string, unknown> = {}): VideoRequest =>
  fitVideo(readVideoWish(json({ prompt: 'a paper boat', ...params }), 'params.'), VIDEO_MODELS[model]!);

/** Pictures as a client of that model would ask for them. */
export const pictures = (model: string, params: Record<string, unknown> = {}): ImageRequest =>
  fitImage(readImageWish(json({ prompt: 'a paper boat', ...params }), ''), IMAGE_MODELS[model]!);

/** As the value would arrive. */
const json = (value: unknown) => JSON.parse(JSON.stringify(value));
