import { Readable } from 'node:stream';

import type { AssetListing, AssetPage } from '@bytespike/assets';
import { MemoryAssetStore } from '@bytespike/assets/testing';
import { GatewayError } from '@bytespike/kernel';

import { retireFiles } from './retire-files.js';

const NOW = new Date('2026-11-20T12:00:00Z');

/** Has two files of a stranger's, and an asset that its disk does not let go. */
class StubbornStore extends MemoryAssetStore {
  override async delete(name: string): Promise<void> {
    if (name === 'img/b.png') throw new GatewayError('unavailable', 'the asset store failed');
    return super.delete(name);
  }

  override async list(listing: AssetListing): Promise<AssetPage> {
    const failure = new GatewayError('internal', 'a file of the asset store is not whole');
    const unreadable = ['img/theirs.png', 'img/theirs-too.png'].map((name) => ({ name, failure }));
    return { ...(await super.list(listing)), unreadable };
  }
}

describe('files that are kept no longer', () => {
  it('go past what cannot go, which is told once', async () => {
    const assets = new StubbornStore(() => NOW);
    for (const letter of ['a', 'b', 'c'])
      await assets.put({
        name: `img/${letter}.png`,
        contentType: 'image/png',
        body: Readable.from([Buffer.from(letter)]),
        bytesMax: 1,
      });
    const told: unknown[] = [];
    const logger = { warn: (...line: unknown[]) => void told.push(line) };
    const later = new Date(NOW.getTime() + 1);

    expect(await retireFiles({ assets, logger }, later, new AbortController().signal)).toBe(2);

    expect((await assets.list({ before: later, limit: 10 })).names).toEqual(['img/b.png']);
    expect(told).toEqual([
      [expect.objectContaining({ files: 2, first: 'img/theirs.png' }), expect.stringContaining('left alone')],
      [expect.objectContaining({ files: 1, first: 'img/b.png' }), expect.stringContaining('cannot be deleted')],
    ]);
  });
});
