import { GatewayError } from '@bytespike/kernel';

import type { AssetListing, AssetStore, PassedBy } from './asset-store.js';

/** What one step of retention has done. */
export interface RetiredAssets {
  readonly deleted: number;
  readonly unreadable: readonly PassedBy[];
  /** What was to be deleted and could not be: the next round tries again. */
  readonly undeletable: readonly PassedBy[];
  /** Where the next step begins; absent when this one was the last of its round. */
  readonly next: string | undefined;
}

/**
 * One step of retention: looks at `limit` assets and deletes those kept before a moment, one after the other. Steps are
 * small so that a round over a million assets neither holds anything up nor is lost when its process ends. What cannot be
 * deleted is passed by, because everything behind it would wait for it for ever.
 */
export async function retireAssets(
  store: AssetStore,
  listing: AssetListing,
  signal: AbortSignal,
): Promise<RetiredAssets> {
  const { names, unreadable, next } = await store.list(listing);
  const undeletable: PassedBy[] = [];
  let deleted = 0;
  for (const name of names) {
    if (signal.aborted) break;
    const failure = await store.delete(name).then(() => undefined, GatewayError.from);
    if (failure) undeletable.push({ name, failure });
    else deleted += 1;
  }
  return { deleted, unreadable, undeletable, next };
}
