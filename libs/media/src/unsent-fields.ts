import { IMAGE_VENDORS, imageWire, VIDEO_VENDORS, videoWire, type MediaTarget } from './registry.js';
import type { ImageRequest } from './requests/image-request.js';
import type { MediaSource } from './requests/media-source.js';
import type { VideoRequest } from './requests/video-request.js';
import { requestsPerCall } from './units/requests-per-call.js';

/** Every submit has one; which it is changes nothing here. */
const MARK = 0;

/**
 * Fields of a film's request for which its target's wire has no place, to be told before anything is sent (law 4). What a
 * caller brings along has a place on every wire that a model with room for it has, and is left out.
 */
export function unsentOfVideo(request: VideoRequest, target: MediaTarget): readonly string[] {
  const wire = videoWire(target);
  if (wire === undefined) return [];
  const to = { upstreamModel: target.upstreamModel, mark: MARK };
  return VIDEO_VENDORS[wire].submit.request({ ...request, images: [] }, to).unsent;
}

/** Stands for any picture: whether there is one tells an edit from a drawing, and what it shows changes nothing here. */
const PICTURE: MediaSource = { type: 'inline', mediaType: 'image/png', base64: '' };

/** The same of pictures. */
export function unsentOfImage(request: ImageRequest, target: MediaTarget): readonly string[] {
  const wire = imageWire(target);
  if (wire === undefined) return [];
  const { submit, perCallMax } = IMAGE_VENDORS[wire];
  const [first = request] = requestsPerCall(
    { ...request, images: request.images.map(() => PICTURE), mask: undefined },
    perCallMax,
  );
  return submit.request(first, { upstreamModel: target.upstreamModel, mark: MARK }).unsent;
}
