/** What we serve, and how: `inline` is for types that no browser runs as a program of ours. */
const CONTENT_TYPES = {
  'image/png': { extension: 'png', shown: 'inline' },
  'image/jpeg': { extension: 'jpg', shown: 'inline' },
  'image/webp': { extension: 'webp', shown: 'inline' },
  'image/gif': { extension: 'gif', shown: 'inline' },
  'video/mp4': { extension: 'mp4', shown: 'inline' },
  'video/webm': { extension: 'webm', shown: 'inline' },
  'video/quicktime': { extension: 'mov', shown: 'inline' },
  // A document with scripts, whatever its name says.
  'image/svg+xml': { extension: 'svg', shown: 'attachment' },
  'application/octet-stream': { extension: 'bin', shown: 'attachment' },
} as const satisfies Record<string, { extension: string; shown: 'inline' | 'attachment' }>;

export type AssetContentType = keyof typeof CONTENT_TYPES;

const isListed = (name: string): name is AssetContentType => Object.hasOwn(CONTENT_TYPES, name);

/** A `Content-Type` as one that we serve: its parameters go, and what is not listed is bytes. */
export function assetContentType(header: string | undefined): AssetContentType {
  const name = (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return isListed(name) ? name : 'application/octet-stream';
}

export const extensionOf = (contentType: AssetContentType): string => CONTENT_TYPES[contentType].extension;

/** Whether a browser may show it in its place, or only save it. */
export const isShownInline = (contentType: AssetContentType): boolean => CONTENT_TYPES[contentType].shown === 'inline';
