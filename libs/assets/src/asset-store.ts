import type { Readable } from 'node:stream';

import type { GatewayError } from '@bytespike/kernel';

/** What is known of an asset, all of it as of the moment its last byte was kept. */
export interface StoredAsset {
  readonly name: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly contentType: string;
  readonly storedAt: Date;
}

/** What is to be kept, and under which name. */
export interface NewAsset {
  /** As `isAssetName` allows. An asset of this name is replaced, at once and as a whole. */
  readonly name: string;
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** One byte more and nothing is kept. */
  readonly bytesMax: number;
}

/** Bytes from `first` to `last`, both included, as HTTP counts them; `last` is within the asset. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** An asset that is being read, or the range of it that was asked for. */
export interface OpenedAsset {
  readonly asset: StoredAsset;
  /** To be read to its end or destroyed. The whole of an asset ends with an error when it is not what was kept. */
  readonly body: Readable;
}

/** Which assets are asked for: those kept before a moment, some at a time. */
export interface AssetListing {
  readonly before: Date;
  /** How many assets are looked at, older or not. */
  readonly limit: number;
  /** Where an earlier page said the next one begins. */
  readonly cursor?: string | undefined;
}

/** What was met and passed by, and why. */
export interface PassedBy {
  readonly name: string;
  readonly failure: GatewayError;
}

/** The names of those that are old enough, among as many as were looked at. */
export interface AssetPage {
  readonly names: readonly string[];
  /** What lies among the assets and cannot be read as one: damaged, or put there by somebody else. Nobody touches it. */
  readonly unreadable: readonly PassedBy[];
  /** Absent when every asset has been looked at. */
  readonly next: string | undefined;
}

/**
 * Keeps what was rendered and uploaded, outside the bus and outside the database. No method holds a body in memory.
 * A store that cannot do its work throws `unavailable`; what the source of a body throws passes unchanged.
 */
export abstract class AssetStore {
  /** Keeps the whole body under its name, durably, or nothing of it. Throws `too-large` beyond `bytesMax`. */
  abstract put(asset: NewAsset): Promise<StoredAsset>;
  abstract head(name: string): Promise<StoredAsset | undefined>;
  /** All of an asset, or a range of it. Absent when there is no such asset. */
  abstract open(name: string, range?: ByteRange): Promise<OpenedAsset | undefined>;
  /** Whether it was there makes no difference. */
  abstract delete(name: string): Promise<void>;
  /** Names of assets kept before a moment, a page at a time in the order of their names. Nothing that lies there ends it. */
  abstract list(listing: AssetListing): Promise<AssetPage>;
}
