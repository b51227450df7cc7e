import { Readable } from 'node:stream';

import { assertAssetName } from '../asset-name.js';
import {
  AssetStore,
  type AssetListing,
  type AssetPage,
  type ByteRange,
  type NewAsset,
  type OpenedAsset,
  type StoredAsset,
} from '../asset-store.js';
import { createBodyGauge } from '../body-gauge.js';

/** Assets in memory, for tests of what uses a store. */
export class MemoryAssetStore extends AssetStore {
  private readonly kept = new Map<string, { asset: StoredAsset; bytes: Buffer }>();

  constructor(private readonly now: () => Date) {
    super();
  }

  async put({ name, contentType, body, bytesMax }: NewAsset): Promise<StoredAsset> {
    assertAssetName(name);
    const gauge = createBodyGauge(bytesMax);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) {
      gauge.add(chunk);
      chunks.push(chunk);
    }
    const asset = { name, contentType, ...gauge.result(), storedAt: this.now() };
    this.kept.set(name, { asset, bytes: Buffer.concat(chunks) });
    return asset;
  }

  async head(name: string): Promise<StoredAsset | undefined> {
    assertAssetName(name);
    return this.kept.get(name)?.asset;
  }

  async open(name: string, range?: ByteRange): Promise<OpenedAsset | undefined> {
    assertAssetName(name);
    const found = this.kept.get(name);
    if (!found) return undefined;
    const bytes = range ? found.bytes.subarray(range.first, range.last + 1) : found.bytes;
    return { asset: found.asset, body: Readable.from([bytes]) };
  }

  async delete(name: string): Promise<void> {
    assertAssetName(name);
    this.kept.delete(name);
  }

  async list({ before, limit, cursor = '' }: AssetListing): Promise<AssetPage> {
    const later = [...this.kept.values()]
      .map(({ asset }) => asset)
      .filter(({ name }) => name > cursor)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const seen = later.slice(0, limit);
    const names = seen.filter(({ storedAt }) => storedAt < before).map(({ name }) => name);
    return { names, unreadable: [], next: later.length > limit ? seen.at(-1)?.name : undefined };
  }
}
