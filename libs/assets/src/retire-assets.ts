import type { AssetListing, AssetStore } from './asset-store.js';

export interface RetiredAssets {
  readonly deleted: number;
  /** Where the next step begins; absent when this one was the last of its round. */
  readonly next: string | undefined;
}

/**
 * One step of retention: looks at `limit` assets and deletes those kept before a moment, one after the other. Steps are
 * small so that a round over a million assets neither holds anything up nor is lost when its process ends.
 */
export async function retireAssets(store: AssetStore, listing: AssetListing): Promise<RetiredAssets> {
  const { names, next } = await store.list(listing);
  for (const name of names) await store.delete(name);
  return { deleted: names.length, next };
}
