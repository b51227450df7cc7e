import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { NewAsset } from '../asset-store.js';
import { createBodyGauge } from '../body-gauge.js';
import { stored } from '../store-failure.js';

const FILE_MODE = 0o600;

export interface SpooledBody {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Runs `send` with a body that is whole, counted and digested, in a file that is gone afterwards. S3 takes what it shall
 * know of an object before its first byte, and a body that turns out too large must not have cost a bucket anything.
 */
export async function withSpooledBody<T>(
  folder: string,
  { body, bytesMax }: NewAsset,
  send: (spooled: SpooledBody) => Promise<T>,
): Promise<T> {
  const path = join(folder, `bytespike-${randomUUID()}.incoming`);
  const file = await stored(open(path, 'wx', FILE_MODE));
  try {
    const gauge = createBodyGauge(bytesMax);
    try {
      for await (const chunk of body) {
        gauge.add(chunk);
        await stored(file.appendFile(chunk));
      }
    } finally {
      await file.close();
    }
    return await send({ path, ...gauge.result() });
  } finally {
    await rm(path, { force: true });
  }
}
