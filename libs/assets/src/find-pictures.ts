import { nameMade } from './asset-name.js';
import type { AssetStore, StoredAsset } from './asset-store.js';
import type { AssetContentType } from './content-type.js';

/** What models draw, the usual first. */
const CONTENT_TYPES = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
] as const satisfies readonly AssetContentType[];

/** The pictures of which work, and how many there must be. */
export interface PicturesSought {
  readonly workId: string;
  readonly count: number;
  /** When they may have been kept: a day is part of a name. */
  readonly between: readonly [Date, Date];
}

/** The pictures of a work that has lost whoever it was done for; undefined unless all of them lie in the store. */
export async function findPictures(
  store: Pick<AssetStore, 'head'>,
  { workId, count, between }: PicturesSought,
): Promise<readonly StoredAsset[] | undefined> {
  const found: StoredAsset[] = [];
  for (let slot = 0; slot < count; slot += 1) {
    const names = between.flatMap((at) =>
      CONTENT_TYPES.map((contentType) => nameMade({ kind: 'img', workId, slot: String(slot), at, contentType })),
    );
    const looked = await Promise.all([...new Set(names)].map((name) => store.head(name)));
    const picture = looked.find((asset) => asset !== undefined);
    if (!picture) return undefined;
    found.push(picture);
  }
  return found;
}
