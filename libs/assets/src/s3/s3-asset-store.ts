import { Readable } from 'node:stream';

import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3ServiceException,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { GatewayError } from '@bytespike/kernel';

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
import { openIncomingFolder } from '../incoming-folder.js';
import { stored } from '../store-failure.js';
import { verifiedBody } from '../verified-body.js';
import { createS3Client, type S3Account } from './create-s3-client.js';
import { sendSpooled } from './send-spooled.js';
import { withSpooledBody, type SpooledBody } from './spool-body.js';

/** What S3 gives at most in one page. */
const PAGE_MAX = 1_000;

/** Which bucket holds the assets, whose it is, and where bodies wait for it. */
export interface S3AssetStoreOptions {
  readonly account: S3Account;
  readonly bucket: string;
  /** Where bodies rest between their source and the bucket, and nothing else: room for as many as arrive at once. */
  readonly spoolFolder: string;
  readonly now: () => Date;
}

/** Assets as objects of a bucket that is theirs alone. */
export class S3AssetStore extends AssetStore {
  private readonly client: S3Client;

  private constructor(private readonly options: S3AssetStoreOptions) {
    super();
    this.client = createS3Client(options.account);
  }

  /** Makes the folder of its spool, and clears it of bodies that never came to the bucket. */
  static async create(options: S3AssetStoreOptions): Promise<S3AssetStore> {
    await openIncomingFolder(options.spoolFolder, options.now());
    return new S3AssetStore(options);
  }

  /** Closes the connections; bodies that are being read end. */
  close(): void {
    this.client.destroy();
  }

  async put(asset: NewAsset): Promise<StoredAsset> {
    assertAssetName(asset.name);
    return withSpooledBody(this.options.spoolFolder, asset, (spooled) => stored(this.send(asset, spooled)));
  }

  async head(name: string): Promise<StoredAsset | undefined> {
    assertAssetName(name);
    const found = await this.find(this.client.send(new HeadObjectCommand(this.place(name))));
    return found && describe(name, found, found.ContentLength);
  }

  async open(name: string, range?: ByteRange): Promise<OpenedAsset | undefined> {
    assertAssetName(name);
    const part = range && { Range: `bytes=${range.first}-${range.last}` };
    const found = await this.find(this.client.send(new GetObjectCommand({ ...this.place(name), ...part })));
    if (!found) return undefined;
    const bytes = range ? Number(found.ContentRange?.split('/')[1]) : found.ContentLength;
    const asset = describe(name, found, bytes);
    const { Body: body } = found;
    if (!(body instanceof Readable)) throw new GatewayError('internal', 'an object came without its body');
    return { asset, body: range ? body : verifiedBody(body, asset) };
  }

  async delete(name: string): Promise<void> {
    assertAssetName(name);
    await stored(this.client.send(new DeleteObjectCommand(this.place(name))));
  }

  async list({ before, limit, cursor }: AssetListing): Promise<AssetPage> {
    const { Contents: objects = [], IsTruncated: isTruncated } = await stored(
      this.client.send(
        new ListObjectsV2Command({
          Bucket: this.options.bucket,
          MaxKeys: Math.min(limit, PAGE_MAX),
          StartAfter: cursor,
        }),
      ),
    );
    const names: string[] = [];
    const unreadable: PassedBy[] = [];
    for (const { Key: name = '', LastModified: storedAt } of objects) {
      // Such as the folders that a bucket's console makes.
      if (!isAssetName(name))
        unreadable.push({ name, failure: new GatewayError('internal', 'no asset has such a name') });
      else if (storedAt !== undefined && storedAt < before) names.push(name);
    }
    return { names, unreadable, next: isTruncated === true ? objects.at(-1)?.Key : undefined };
  }

  private async send({ name, contentType }: NewAsset, spooled: SpooledBody): Promise<StoredAsset> {
    const { bytes, sha256 } = spooled;
    const storedAt = this.options.now();
    const facts = { sha256, 'stored-at': storedAt.toISOString() };
    await sendSpooled(this.client, { ...this.place(name), ContentType: contentType, Metadata: facts }, spooled);
    return { name, bytes, sha256, contentType, storedAt };
  }

  private place(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.options.bucket, Key: name };
  }

  private find<T>(answer: Promise<T>): Promise<T | undefined> {
    return stored(
      answer.catch((thrown: unknown) => {
        if (thrown instanceof S3ServiceException && (thrown.name === 'NotFound' || thrown.name === 'NoSuchKey'))
          return undefined;
        throw thrown;
      }),
    );
  }
}

type Described = Pick<HeadObjectCommandOutput, 'ContentType' | 'Metadata'>;

/** What the object says of itself. Throws `internal` for one that we have not put there. */
function describe(name: string, { ContentType: contentType, Metadata: facts }: Described, bytes?: number): StoredAsset {
  const sha256 = facts?.['sha256'];
  const storedAt = facts?.['stored-at'];
  if (sha256 === undefined || storedAt === undefined || contentType === undefined || !Number.isSafeInteger(bytes))
    throw new GatewayError('internal', 'an object of the bucket is no asset');
  return { name, bytes: bytes ?? 0, sha256, contentType, storedAt: new Date(storedAt) };
}
