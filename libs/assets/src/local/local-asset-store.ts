import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';

import { assert, GatewayError } from '@bytespike/kernel';

import { assertAssetName, isAssetName } from '../asset-name.js';
import {
  AssetStore,
  type AssetListing,
  type AssetPage,
  type ByteRange,
  type NewAsset,
  type OpenedAsset,
  type PassedBy,
  type StoredAsset,
} from '../asset-store.js';
import { createBodyGauge } from '../body-gauge.js';
import { absent, FOLDER_MODE, INCOMING, openIncomingFolder } from '../incoming-folder.js';
import { stored, storeFailure } from '../store-failure.js';
import { verifiedBody } from '../verified-body.js';
import { assetFiles, type Met } from './asset-files.js';
import { encodeTrailer, readTrailer } from './asset-trailer.js';

const FILE_MODE = 0o600;

/** Where a local store is, and its clock. */
export interface LocalAssetStoreOptions {
  readonly folder: string;
  readonly now: () => Date;
}

/** Assets as files under a folder, which several processes may share. */
export class LocalAssetStore extends AssetStore {
  private constructor(
    private readonly root: string,
    private readonly now: () => Date,
  ) {
    super();
  }

  /** Makes the folder, and clears it of bodies that never became assets. */
  static async create({ folder, now }: LocalAssetStoreOptions): Promise<LocalAssetStore> {
    // On the same file system as the assets, because a rename must not copy.
    await openIncomingFolder(join(folder, INCOMING), now());
    return new LocalAssetStore(folder, now);
  }

  async put(asset: NewAsset): Promise<StoredAsset> {
    assertAssetName(asset.name);
    const temporary = join(this.root, INCOMING, randomUUID());
    const file = await stored(open(temporary, 'wx', FILE_MODE));
    try {
      const kept = await this.write(file, asset);
      await stored(this.publish(temporary, asset.name));
      return kept;
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw thrown;
    }
  }

  async head(name: string): Promise<StoredAsset | undefined> {
    const found = await this.find(name);
    await found?.file.close();
    return found?.asset;
  }

  async open(name: string, range?: ByteRange): Promise<OpenedAsset | undefined> {
    const found = await this.find(name);
    if (!found) return undefined;
    const { file, asset } = found;
    // The file that was found stays readable to its end, whatever becomes of its name meanwhile.
    if (range) {
      assert(range.first <= range.last && range.last < asset.bytes, 'a range lies within its asset');
      return { asset, body: file.createReadStream({ start: range.first, end: range.last }) };
    }
    // What follows the bytes is the trailer, so an empty asset has nothing to be read.
    const bytes = asset.bytes > 0 ? file.createReadStream({ start: 0, end: asset.bytes - 1 }) : Readable.from([]);
    if (asset.bytes === 0) await file.close();
    return { asset, body: verifiedBody(bytes, asset) };
  }

  async delete(name: string): Promise<void> {
    assertAssetName(name);
    await stored(rm(this.path(name), { force: true }));
  }

  async list({ before, limit, cursor = '' }: AssetListing): Promise<AssetPage> {
    const names: string[] = [];
    const unreadable: PassedBy[] = [];
    let seen = 0;
    try {
      for await (const met of assetFiles(this.root, cursor)) {
        const name = met.path;
        const asset = await this.recognise(met).catch(GatewayError.from);
        if (asset instanceof GatewayError) unreadable.push({ name, failure: asset });
        else if (asset && asset.storedAt < before) names.push(name);
        seen += 1;
        if (seen === limit) return { names, unreadable, next: name };
      }
    } catch (cause) {
      throw storeFailure(cause);
    }
    return { names, unreadable, next: undefined };
  }

  /** What a walk has met, as an asset. It must be one of ours, by its name and its trailer; a copy of one is not. */
  private async recognise({ path, failure }: Met): Promise<StoredAsset | undefined> {
    if (failure) throw failure;
    if (!isAssetName(path)) throw new GatewayError('internal', 'no asset has such a name');
    const asset = await this.head(path);
    if (asset && asset.name !== path) throw new GatewayError('internal', 'it is a copy of an asset');
    return asset;
  }

  private async write(file: FileHandle, { name, contentType, body, bytesMax }: NewAsset): Promise<StoredAsset> {
    try {
      const gauge = createBodyGauge(bytesMax);
      for await (const chunk of body) {
        gauge.add(chunk);
        await stored(file.appendFile(chunk));
      }
      const asset = { name, contentType, ...gauge.result(), storedAt: this.now() };
      await stored(file.appendFile(encodeTrailer(asset)));
      await stored(file.sync());
      return asset;
    } finally {
      await file.close();
    }
  }

  /** The name appears at once and as a whole, and stays through a loss of power: that is what syncing folders is for. */
  private async publish(temporary: string, name: string): Promise<void> {
    const path = this.path(name);
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    await rename(temporary, path);
    for (let folder = dirname(path); folder.length >= this.root.length; folder = dirname(folder)) {
      const handle = await open(folder, 'r');
      await handle.sync().finally(() => handle.close());
    }
  }

  private async find(name: string): Promise<{ file: FileHandle; asset: StoredAsset } | undefined> {
    assertAssetName(name);
    const file = await stored(open(this.path(name), 'r').catch(absent));
    if (!file) return undefined;
    try {
      return { file, asset: await stored(readTrailer(file)) };
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
  }

  private path(name: string): string {
    return join(this.root, name);
  }
}
