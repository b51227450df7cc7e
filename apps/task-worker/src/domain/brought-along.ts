import type { KeptSource, MediaAsked } from '@bytespike/contracts';

/** Names of the files in the object store that a caller brought along; what lies at foreign addresses is not ours. */
export function broughtAlong(asked: MediaAsked | undefined): readonly string[] {
  if (!asked) return [];
  return sourcesOf(asked).flatMap((source) => (source.type === 'asset' ? [source.id] : []));
}

function sourcesOf({ kind, request }: MediaAsked): readonly KeptSource[] {
  if (kind === 'video') return request.images.map(({ source }) => source);
  return request.mask ? [...request.images, request.mask] : request.images;
}
