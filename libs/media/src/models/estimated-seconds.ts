import type { ImageRequest } from '../requests/image-request.js';
import type { VideoRequest } from '../requests/video-request.js';
import type { ImageModel } from './image-model.js';
import type { VideoModel } from './video-model.js';

/** How long a film will be in the making, told before anything has been learnt from recent ones. */
export const estimatedVideoSeconds = ({ rendering }: VideoModel, { seconds }: VideoRequest): number =>
  Math.max(1, Math.ceil((rendering.seconds * seconds) / rendering.filmSeconds));

/** The same for pictures: vendors draw those of one request side by side or nearly so. */
export const estimatedImageSeconds = ({ rendering }: ImageModel, { n }: ImageRequest): number =>
  Math.ceil(rendering.seconds * (1 + (n - 1) / 4));
