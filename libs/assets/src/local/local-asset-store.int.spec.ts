import {
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { LocalAssetStore, retireAssets, type NewAsset } from '../index.js';
import { describeAssetStore } from '../testing/index.js';

let folder: string;
let at: number;

const create = (): Promise<LocalAssetStore> => LocalAssetStore.create({ folder, now: () => new Date(at) });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bytespike-assets-'));
  at = Date.parse('2026-11-20T12:00:00.000Z');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describeAssetStore('a local folder', async () => ({
  store: await create(),
  advance: (ms) => void (at += ms),
  leftovers: async () => (await readdir(join(folder, '.incoming'))).length,
}));

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const picture = (text: string): NewAsset => ({
  name: 'img/2026-11-20/one.png',
  contentType: 'image/png',
  body: once(text),
  bytesMax: 1_000,
});

describe('LocalAssetStore', () => {
  const path = (): string => join(folder, 'img/2026-11-20/one.png');

  it('finds what another process has kept, checksum and all', async () => {
    const kept = await (await create()).put(picture('hello'));
    expect(await (await create()).head(kept.name)).toEqual(kept);
  });

  it('shows nothing of a body that is still arriving', async () => {
    const store = await create();
    let arrive: () => void = () => undefined;
    const rest = new Promise<void>((resolve) => (arrive = resolve));
    const body = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      await rest;
      yield Buffer.from(' and half');
    };
    const putting = store.put({ ...picture(''), body: body() });
    expect(await store.head('img/2026-11-20/one.png')).toBeUndefined();
    expect(await store.list({ before: new Date(at + 1), limit: 10 })).toEqual({
      names: [],
      unreadable: [],
      next: undefined,
    });
    arrive();
    expect(await putting).toMatchObject({ bytes: 13 });
  });

  it('gives a reader all of the asset it opened, whatever becomes of the name', async () => {
    const store = await create();
    await store.put(picture('first'));
    const { body } = (await store.open('img/2026-11-20/one.png'))!;
    await store.put(picture('second'));
    await store.delete('img/2026-11-20/one.png');
    expect((await buffer(body)).toString()).toBe('first');
  });

  it('keeps assets from other users of the machine', async () => {
    await (await create()).put(picture('hello'));
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'img'))).mode & 0o777).toBe(0o700);
  });

  it('says so when a byte has changed on the disk', async () => {
    const store = await create();
    await store.put(picture('hello'));
    const file = await open(path(), 'r+');
    await file.write('J', 0);
    await file.close();
    const { body } = (await store.open('img/2026-11-20/one.png'))!;
    await expect(buffer(body)).rejects.toMatchObject({ kind: 'internal', message: 'an asset is not what was kept' });
  });

  it.each([
    { what: 'cut', spoil: () => truncate(path(), 20) },
    { what: 'empty', spoil: () => truncate(path(), 0) },
    { what: 'of somebody else', spoil: () => writeFile(path(), 'x'.repeat(5_000)) },
  ])('does not serve a file that is $what', async ({ spoil }) => {
    const store = await create();
    await store.put(picture('hello'));
    await spoil();
    await expect(store.head('img/2026-11-20/one.png')).rejects.toMatchObject({ kind: 'internal' });
    await expect(store.open('img/2026-11-20/one.png')).rejects.toMatchObject({ kind: 'internal' });
  });

  it('retires past what somebody else has put among the assets, and leaves all of that', async () => {
    const store = await create();
    const kept = ['img/2026-11-20/a.png', 'img/2026-11-20/c.png', 'vid/2026-11-20/z.mp4'];
    for (const name of kept) await store.put({ ...picture('hello'), name });
    const copy = 'img/2026-11-20/copy.png';
    await copyFile(join(folder, kept[0]!), join(folder, copy));
    const cut = 'img/2026-11-20/b.png';
    await writeFile(join(folder, cut), 'somebody else wrote this');
    await writeFile(join(folder, 'READ ME'), 'so did they here');
    await mkdir(join(folder, 'lost+found'));
    await writeFile(join(folder, 'lost+found/theirs'), 'and here');
    await symlink(folder, join(folder, 'link'));

    const step = { before: new Date(at + 1), limit: 1, cursor: undefined as string | undefined };
    const passed: string[] = [];
    do {
      const done = await retireAssets(store, step, new AbortController().signal);
      passed.push(...done.unreadable.map(({ name }) => name));
      step.cursor = done.next;
    } while (step.cursor !== undefined);

    expect(passed).toEqual(['READ ME', cut, copy, 'link', 'lost+found/theirs']);
    expect(await readdir(join(folder, 'img/2026-11-20'))).toEqual(['b.png', 'copy.png']);
    expect(await readdir(join(folder, 'vid/2026-11-20'))).toEqual([]);
    expect(await readFile(join(folder, cut), 'utf8')).toBe('somebody else wrote this');
  });

  it('clears away what a process left that died, and not what another is writing', async () => {
    await create();
    const incoming = join(folder, '.incoming');
    for (const name of ['dead', 'alive']) await writeFile(join(incoming, name), 'half');
    const dayAgo = new Date(at - 25 * 3_600_000);
    await utimes(join(incoming, 'dead'), dayAgo, dayAgo);
    await utimes(join(incoming, 'alive'), new Date(at), new Date(at));
    await create();
    expect(await readdir(incoming)).toEqual(['alive']);
  });

  it('is unavailable where it cannot write', async () => {
    const store = await create();
    await rm(join(folder, '.incoming'), { recursive: true });
    await expect(store.put(picture('hello'))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
