import { pipeline, Transform, type Readable } from 'node:stream';

import { GatewayError } from '@bytespike/kernel';

import type { StoredAsset } from './asset-store.js';
import { createBodyGauge } from './body-gauge.js';

/**
 * The same bytes, ending with `internal` when they are not those that were kept: a disk forgets, and half an asset under
 * a whole one's name must not pass for it. An error of the source, and a reader who leaves, end both.
 */
export function verifiedBody(source: Readable, asset: StoredAsset): Readable {
  const gauge = createBodyGauge(Number.MAX_SAFE_INTEGER);
  const verified = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      gauge.add(chunk);
      done(null, chunk);
    },
    flush(done) {
      const { bytes, sha256 } = gauge.result();
      const isWhole = bytes === asset.bytes && sha256 === asset.sha256;
      done(isWhole ? null : new GatewayError('internal', 'an asset is not what was kept'));
    },
  });
  // The reader of `verified` sees the same error; nothing is left to do about it here.
  return pipeline(source, verified, () => undefined);
}
