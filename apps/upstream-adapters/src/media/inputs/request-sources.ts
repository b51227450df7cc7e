import type { KeptSource, MediaAsked } from '@bytespike/contracts';
import type { ImageRequest, MediaSource, VideoRequest } from '@bytespike/media';

/** What was asked, with its pictures in the form that a wire takes. */
export type MediaRequest =
  | { readonly kind: 'video'; readonly request: VideoRequest }
  | { readonly kind: 'image'; readonly request: ImageRequest };

/** The pictures that were brought along, in the order of the request; the mask of an edit last. */
export function sourcesOf(asked: MediaAsked): readonly KeptSource[] {
  if (asked.kind === 'video') return asked.request.images.map(({ source }) => source);
  const { images, mask } = asked.request;
  return [...images, ...(mask ? [mask] : [])];
}

/** Of which field of the request each of `sourcesOf` is, by its name in `AskedImage` or `AskedVideo`. */
export const fieldsOf = (asked: MediaAsked): readonly ('images' | 'mask')[] =>
  sourcesOf(asked).map((_, index) => (index < asked.request.images.length ? 'images' : 'mask'));

/** The same request with other forms of its pictures, one for each of `sourcesOf`. */
export function withSources(asked: MediaAsked, sources: readonly MediaSource[]): MediaRequest {
  const at = (index: number, source: KeptSource): MediaSource => sources[index] ?? source;
  if (asked.kind === 'video') {
    const images = asked.request.images.map(({ role, source }, index) => ({ role, source: at(index, source) }));
    return { kind: 'video', request: { ...asked.request, images } };
  }
  const { images, mask, ...others } = asked.request;
  return {
    kind: 'image',
    request: {
      ...others,
      images: images.map((source, index) => at(index, source)),
      ...(mask && { mask: at(images.length, mask) }),
    },
  };
}
