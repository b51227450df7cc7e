import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

import { GatewayError } from '@bytespike/kernel';

import type { AssetStore, NewAsset } from '../asset-store.js';
import { retireAssets } from '../retire-assets.js';
import { answerAsset } from '../serving/answer-asset.js';

export interface AssetStoreUnderTest {
  readonly store: AssetStore;
  /** Lets the store's clock go on. */
  readonly advance: (ms: number) => void;
  /** How many bodies lie about that are no asset: half-sent, half-written. */
  readonly leftovers: () => Promise<number>;
}

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that are not alike anywhere, so that a piece out of place is seen. */
const DISTINCT = Buffer.from(Uint32Array.from({ length: 5 * MIB }, (_, at) => Math.imul(at + 1, 2_654_435_761)).buffer);
const distinctBytes = (length: number): Buffer => DISTINCT.subarray(0, length);

async function* inPieces(bytes: Uint8Array, size = 65_521): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* breaking(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* inPieces(bytes);
  throw new GatewayError('upstream-transient', 'the vendor hung up');
}

const film = (bytes: Uint8Array, more: Partial<NewAsset> = {}): NewAsset => ({
  name: 'vid/2026-11-20/film.mp4',
  contentType: 'video/mp4',
  body: inPieces(bytes),
  bytesMax: 64 * MIB,
  ...more,
});

/** What every asset store does, whatever it keeps assets in. */
export function describeAssetStore(name: string, make: () => Promise<AssetStoreUnderTest>): void {
  let it_: AssetStoreUnderTest;
  const store = (): AssetStore => it_.store;
  const read = async (asset: string, range?: { first: number; last: number }): Promise<Buffer> =>
    buffer((await store().open(asset, range))!.body);

  describe(`the asset store in ${name}`, () => {
    beforeEach(async () => {
      it_ = await make();
    });

    it.each([
      { what: 'nothing', bytes: 0 },
      { what: 'one byte', bytes: 1 },
      { what: 'exactly two parts', bytes: 10 * MIB },
      { what: 'parts and a rest', bytes: 14 * MIB + 7 },
    ])('keeps $what', async ({ bytes }) => {
      const body = distinctBytes(bytes);
      const kept = await store().put(film(body));
      expect(kept).toMatchObject({ name: 'vid/2026-11-20/film.mp4', bytes, sha256: digest(body) });
      expect(await store().head(kept.name)).toEqual(kept);
      const opened = await store().open(kept.name);
      expect(opened?.asset).toEqual(kept);
      expect(digest(await buffer(opened!.body))).toBe(digest(body));
      expect(await it_.leftovers()).toBe(0);
    });

    it.each([
      { first: 0, last: 0 },
      { first: 5, last: 5 * MIB },
      { first: 5 * MIB - 1, last: 5 * MIB },
      { first: 9 * MIB - 1, last: 9 * MIB - 1 },
    ])('opens bytes $first to $last', async (range) => {
      const body = distinctBytes(9 * MIB);
      await store().put(film(body));
      expect(digest(await read('vid/2026-11-20/film.mp4', range))).toBe(
        digest(body.subarray(range.first, range.last + 1)),
      );
    });

    it('knows nothing of what it has not', async () => {
      const nowhere = 'img/2026-11-20/nowhere.png';
      expect(await store().head(nowhere)).toBeUndefined();
      expect(await store().open(nowhere)).toBeUndefined();
      await store().delete(nowhere);
    });

    it('replaces an asset as a whole, and forgets it', async () => {
      await store().put(film(distinctBytes(2 * MIB)));
      await store().put(film(Buffer.from('short'), { contentType: 'video/webm' }));
      expect((await read('vid/2026-11-20/film.mp4')).toString()).toBe('short');
      expect(await store().head('vid/2026-11-20/film.mp4')).toMatchObject({ bytes: 5, contentType: 'video/webm' });
      await store().delete('vid/2026-11-20/film.mp4');
      expect(await store().head('vid/2026-11-20/film.mp4')).toBeUndefined();
    });

    it.each([
      {
        what: 'a body over its limit',
        asset: film(distinctBytes(10 * MIB), { bytesMax: 10 * MIB - 1 }),
        kind: 'too-large',
      },
      {
        what: 'a body that breaks off',
        asset: film(Buffer.alloc(0), { body: breaking(distinctBytes(9 * MIB)) }),
        kind: 'upstream-transient',
      },
    ])('keeps nothing of $what, and what was there before', async ({ asset, kind }) => {
      await store().put(film(Buffer.from('before')));
      await expect(store().put(asset)).rejects.toMatchObject({ kind });
      expect((await read('vid/2026-11-20/film.mp4')).toString()).toBe('before');
      expect(await it_.leftovers()).toBe(0);
    });

    it('takes a body of exactly its limit', async () => {
      expect(await store().put(film(distinctBytes(MIB), { bytesMax: MIB }))).toMatchObject({ bytes: MIB });
    });

    it.each([
      '',
      '.',
      '../x',
      'a/../b',
      'a//b',
      '/a',
      'a/',
      '.incoming/a',
      'a/.b',
      'a b',
      'a\0b',
      'a\\b',
      'é',
      'a.b.c',
      'x'.repeat(201),
    ])('never gets to see the name %j', async (name) => {
      await expect(store().put(film(Buffer.from('x'), { name }))).rejects.toThrow('assertion failed');
      await expect(store().head(name)).rejects.toThrow('assertion failed');
      await expect(store().open(name)).rejects.toThrow('assertion failed');
      await expect(store().delete(name)).rejects.toThrow('assertion failed');
    });

    it('does not mind a reader who leaves', async () => {
      await store().put(film(distinctBytes(9 * MIB)));
      const { body } = (await store().open('vid/2026-11-20/film.mp4'))!;
      const reader = body[Symbol.asyncIterator]();
      await reader.next();
      await reader.return?.();
      expect(body.destroyed).toBe(true);
    });

    it('retires what is old, in steps, and leaves the rest', async () => {
      const put = (name: string): Promise<unknown> => store().put(film(Buffer.from(name), { name }));
      const old = ['img/2026-11-19/a.png', 'vid/2026-11-19/b.mp4', 'vid/2026-11-19/c.mp4', 'vid/2026-11-19-x/d.mp4'];
      for (const name of old) await put(name);
      const before = await moment();
      const young = ['img/2026-11-20/e.png', 'vid/2026-11-19/bb.mp4'];
      for (const name of young) await put(name);

      const deleted: number[] = [];
      let cursor: string | undefined;
      do {
        const step = await retireAssets(store(), { before, limit: 2, cursor }, new AbortController().signal);
        deleted.push(step.deleted);
        cursor = step.next;
      } while (cursor !== undefined);
      expect(deleted.reduce((sum, step) => sum + step, 0)).toBe(old.length);
      expect(Math.max(...deleted)).toBeLessThanOrEqual(2);
      expect(await store().list({ before: await moment(), limit: 100 })).toEqual({
        names: young,
        unreadable: [],
        next: undefined,
      });
    });

    it('answers for a range of an asset', async () => {
      const body = distinctBytes(1_000);
      const { sha256 } = await store().put(film(body));
      const request = { name: 'vid/2026-11-20/film.mp4', method: 'GET', ifRange: `"${sha256}"` } as const;
      const answer = await answerAsset(store(), { ...request, range: 'bytes=-10' });
      expect(answer).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 990-999/1000' } });
      expect(await buffer(answer.body!)).toEqual(body.subarray(990));
    });

    /** A moment between what has been kept and what will be. */
    async function moment(): Promise<Date> {
      it_.advance(HOUR_MS);
      const { storedAt } = await store().put(film(Buffer.from('now'), { name: 'zzz' }));
      await store().delete('zzz');
      it_.advance(HOUR_MS);
      return new Date(storedAt.getTime() + HOUR_MS / 2);
    }
  });
}
