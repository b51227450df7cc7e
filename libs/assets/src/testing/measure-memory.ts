// A program: keeps an asset of so many bytes in a store, reads it back, and prints how much its memory grew at most.
import { Readable } from 'node:stream';

import { LocalAssetStore, S3AssetStore, type AssetStore } from '../index.js';

const [bytesText = '', kind = '', place = '', ...account] = process.argv.slice(2);
const bytes = Number(bytesText);
const PIECE = Buffer.alloc(64 * 1024, 7);

const now = (): Date => new Date();

async function openStore(): Promise<AssetStore> {
  if (kind === 'local') return LocalAssetStore.create({ folder: place, now });
  const [endpoint, region = '', accessKeyId = '', secretAccessKey = '', bucket = ''] = account;
  const credentials = { endpoint, region, accessKeyId, secretAccessKey };
  return S3AssetStore.create({ account: credentials, bucket, spoolFolder: place, now });
}

function* body(length: number): Generator<Uint8Array> {
  for (let left = length; left > 0; left -= PIECE.length) yield PIECE.subarray(0, Math.min(left, PIECE.length));
}

async function roundTrip(store: AssetStore, name: string, length: number): Promise<number> {
  await store.put({ name, contentType: 'video/mp4', body: Readable.from(body(length)), bytesMax: length });
  const opened = await store.open(name);
  let read = 0;
  for await (const chunk of opened?.body ?? []) read += (chunk as Uint8Array).length;
  return read;
}

const store = await openStore();
// A smaller asset first: it loads the code, and fills the few dozen megabytes that V8 lets lie before it collects.
await roundTrip(store, 'warm.mp4', 64 * 1024 * 1024);
const before = process.memoryUsage.rss();
let most = before;
const sampler = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
const read = await roundTrip(store, 'large.mp4', bytes);
clearInterval(sampler);
most = Math.max(most, process.memoryUsage.rss());
process.stdout.write(JSON.stringify({ read, growth: most - before }));
process.exit(0);
