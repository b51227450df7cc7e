import type { Readable } from 'node:stream';

import { sniffBody, type AssetContentType, type AssetStore, type StoredAsset } from '@bytespike/assets';
import type { MediaKind } from '@bytespike/contracts';
import { GatewayError, type ErrorKind } from '@bytespike/kernel';

export interface WantedBody {
  readonly kind: MediaKind;
  readonly bytesMax: number;
  readonly nameOf: (contentType: AssetContentType) => string;
  /** What a body is that is nothing of the kind. */
  readonly otherwise: ErrorKind;
}

/** Keeps a body under a name that fits what it is; what it is, its bytes say. The body is over when this is. */
export async function keepBody(body: Readable, wanted: WantedBody, store: AssetStore): Promise<StoredAsset> {
  try {
    const { contentType, whole } = await sniffBody(body);
    if (!contentType?.startsWith(`${wanted.kind}/`))
      throw new GatewayError(wanted.otherwise, `what came is no ${wanted.kind}`);
    const name = wanted.nameOf(contentType);
    return await store.put({ name, contentType, body: whole, bytesMax: wanted.bytesMax });
  } finally {
    body.destroy();
  }
}
