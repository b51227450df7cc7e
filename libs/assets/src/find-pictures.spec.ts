import { Readable } from 'node:stream';

import { nameMade } from './asset-name.js';
import type { AssetContentType } from './content-type.js';
import { findPictures } from './find-pictures.js';
import { MemoryAssetStore } from './testing/memory-asset-store.js';

const EVENING = new Date('2026-11-20T23:59:50Z');
const NIGHT = new Date('2026-11-21T00:00:10Z');

describe('findPictures', () => {
  const store = new MemoryAssetStore(() => EVENING);
  const keep = (slot: string, at: Date, contentType: AssetContentType): Promise<unknown> =>
    store.put({
      name: nameMade({ kind: 'img', workId: 'task_1', slot, at, contentType }),
      contentType,
      body: Readable.from([Buffer.from(slot)]),
      bytesMax: 100,
    });
  beforeAll(async () => {
    await keep('0', EVENING, 'image/png');
    await keep('1', NIGHT, 'image/webp');
    await keep('3-partial-1', EVENING, 'image/png');
  });

  it.each([
    { count: 1, names: ['img/2026-11-20/task_1-0.png'] },
    { count: 2, names: ['img/2026-11-20/task_1-0.png', 'img/2026-11-21/task_1-1.webp'] },
    { count: 3, names: undefined },
  ])('finds $count of a work, or none of them', async ({ count, names }) => {
    const found = await findPictures(store, { workId: 'task_1', count, between: [EVENING, NIGHT] });
    expect(found?.map(({ name }) => name)).toEqual(names);
  });

  it('finds nothing of another work', async () => {
    expect(await findPictures(store, { workId: 'task_10', count: 1, between: [EVENING, NIGHT] })).toBeUndefined();
  });
});
