import { getHeapSpaceStatistics } from 'node:v8';

import { TransientMap, TransientSet } from './transient.js';

describe('a transient map', () => {
  it('is a map, however much has come and gone', () => {
    const map = new TransientMap<number, string>();
    for (let key = 0; key < 5_000; key += 1) {
      map.set(key, `value ${key}`);
      if (key >= 3) expect(map.delete(key - 3)).toBe(true);
    }
    expect([map.size, [...map.keys()], [...map.values()]]).toEqual([
      3,
      [4_997, 4_998, 4_999],
      ['value 4997', 'value 4998', 'value 4999'],
    ]);
    expect([map.get(4_998), map.get(1), map.delete(1)]).toEqual(['value 4998', undefined, false]);
    map.clear();
    expect([map.size, map.get(4_998)]).toEqual([0, undefined]);
  });

  it('passes over what is deleted while it is gone through', () => {
    const map = new TransientMap([1, 2, 3].map((key) => [key, key]));
    const seen: number[] = [];
    for (const key of map.keys()) {
      seen.push(key);
      map.delete(2);
    }
    expect(seen).toEqual([1, 3]);
  });
});

const MIB = 1024 * 1024;

const oldSpaceBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!.space_used_size;

/** By how much the old space grows, at most, while a few members at a time come and go. */
function growthOf(members: TransientSet<object>): number {
  members.add({});
  // Idle while the rest of a process works: the table grows old.
  let garbage: unknown[] = [];
  for (let at = 0; at < 5_000_000; at += 1) garbage = [at, garbage.length];
  const before = oldSpaceBytes();
  let most = before;
  const open: object[] = [];
  for (let at = 0; at < 100_000; at += 1) {
    const member = { parts: Array.from({ length: 40 }, (_, part) => ({ part })) };
    members.add(member);
    if (open.push(member) > 4) members.delete(open.shift()!);
    if (at % 1_000 === 0) most = Math.max(most, oldSpaceBytes());
  }
  return most - before;
}

describe('a transient set', () => {
  it('is a set', () => {
    const set = new TransientSet<string>();
    for (const member of ['b', 'a', 'b']) set.add(member);
    expect([set.size, [...set], set.delete('b'), set.delete('b'), [...set]]).toEqual([
      2,
      ['b', 'a'],
      true,
      false,
      ['a'],
    ]);
  });

  it('lets go of what has left it', () => {
    // Of a Set's, forty hang on its old table.
    expect(growthOf(new TransientSet())).toBeLessThan(4 * MIB);
  });
});
