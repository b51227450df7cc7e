// A program: asks a vendor for something large, or with something large, and prints how much its memory grew at most.
import { LocalAssetStore } from '@bytespike/assets';

import { askedPictures, context, createMediaAdapter, mediaTarget } from './media-adapter.js';

const [address = '', what = '', mibText = '', folder = ''] = process.argv.slice(2);
const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, 7);
const sink = { head: () => undefined, data: () => undefined };

const store = await LocalAssetStore.create({ folder, now: () => new Date() });

async function* body(bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= PIECE.length) yield PIECE.subarray(0, Math.min(left, PIECE.length));
}

/** A film of so many MiB, from its vendor or from an address of its vendor's. */
async function fetchFilm(mib: number): Promise<number> {
  const target = mediaTarget();
  const { handlers, stop } = createMediaAdapter(address, target, { store });
  const path = `/film?mib=${mib}`;
  const mediaType = 'video/mp4';
  const asset =
    what === 'vendor'
      ? ({ from: 'vendor', path, mediaType } as const)
      : ({ from: 'address', url: address + path, mediaType } as const);
  const input = { workId: `w${mib}`, target, credentialId: 'cr-1', asset, index: 0 };
  const fetched = await handlers.fetch({ input }, sink, context());
  await stop();
  return fetched.type === 'kept' ? fetched.asset.bytes : 0;
}

/** An edit of pictures that together are so many MiB, as files of a form or inside JSON. */
async function editPictures(mib: number): Promise<number> {
  const target =
    what === 'form'
      ? mediaTarget({ kind: 'image', model: 'gpt-image-2', upstreamModel: 'gpt-image-2' })
      : mediaTarget({ kind: 'image', vendor: 'google', model: 'nano-banana-pro', upstreamModel: 'gemini-3-pro-image' });
  const adapter = createMediaAdapter(address, target, { store });
  const bytes = (mib * MIB) / 4;
  const images = ['a', 'b', 'c', 'd'].map((letter) => ({
    type: 'asset' as const,
    id: `upload/${letter}${mib}.png`,
    mediaType: 'image/png',
  }));
  for (const { id: name, mediaType: contentType } of images)
    await store.put({ name, contentType, body: body(bytes), bytesMax: bytes });
  const { outcome } = await adapter.submit(askedPictures({ images }));
  await adapter.stop();
  return outcome.submitted.type === 'finished' ? 4 * bytes : 0;
}

const run = what === 'form' || what === 'json' ? editPictures : fetchFilm;
// A smaller one first: it loads the code, and fills the few dozen megabytes that V8 lets lie before it collects.
await run(64);
const before = process.memoryUsage.rss();
let most = before;
const sampler = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
const bytes = await run(Number(mibText));
clearInterval(sampler);
process.stdout.write(JSON.stringify({ bytes, growth: Math.max(most, process.memoryUsage.rss()) - before }));
process.exit(0);
