import type { Span } from '@bytespike/contracts';

import { firstLimit, kindOf, type Limit } from './limit.js';
import { leastRoom, roomOf, type CapUse } from './standing.js';

const use = (
  subject: string,
  span: Span,
  limit: bigint,
  [settled, held]: readonly [bigint, bigint] = [0n, 0n],
): CapUse => ({
  ...{ cap: { subject, span, limit }, settled, held },
  leavesAt: 1_000,
});
const standing = (uses: readonly CapUse[], available = 100n) => ({ at: 0, wallet: { available, held: 0n }, uses });
const told = (limit: Limit | undefined): string | undefined =>
  limit === undefined || limit === 'wallet' ? limit : `${limit.cap.subject} ${limit.cap.span}`;

describe('the room of a cap', () => {
  it.each([
    { name: 'is less what is settled and held', limit: 10n, counted: [3n, 4n] as const, room: 3n },
    { name: 'is none when the limit was lowered below them', limit: 5n, counted: [3n, 4n] as const, room: 0n },
  ])('$name', ({ limit, counted, room }) => {
    expect(roomOf(use('account', '5h', limit, counted))).toBe(room);
  });

  it('counts with the wallet: the least decides', () => {
    const uses = [use('account', 'life', 70n), use('key:a', '5h', 50n, [20n, 0n])];
    expect([leastRoom(standing(uses)), leastRoom(standing(uses, 7n))]).toEqual([30n, 7n]);
  });
});

describe('the limit that refuses', () => {
  it.each([
    { name: 'is the wallet before any cap', uses: [use('key:a', 'life', 1n)], available: 5n, first: 'wallet' },
    {
      name: 'is the key before its organisation, its member and its model',
      uses: [use('account', 'life', 1n), use('model:x', '1d', 1n), use('member:m', '5h', 1n), use('key:a', '7d', 1n)],
      available: 100n,
      first: 'key:a 7d',
    },
    {
      name: 'is a quota before windows, and a short window before a long one',
      uses: [use('key:a', '7d', 1n), use('key:a', '1d', 1n), use('key:a', 'life', 1n), use('key:a', '5h', 1n)],
      available: 100n,
      first: 'key:a life',
    },
    {
      name: 'is none that has room',
      uses: [use('key:a', '5h', 50n), use('key:a', '1d', 1n)],
      available: 100n,
      first: 'key:a 1d',
    },
    { name: 'is nothing when all have room', uses: [use('key:a', '5h', 6n)], available: 6n, first: undefined },
  ])('$name', ({ uses, available, first }) => {
    expect(told(firstLimit(standing(uses, available), 6n))).toBe(first);
  });

  it.each<{ limit: Limit; kind: string }>([
    { limit: 'wallet', kind: 'insufficient-credit' },
    { limit: use('key:a', '5h', 1n), kind: 'spend-window' },
    { limit: use('key:a', '7d', 1n), kind: 'spend-window' },
    { limit: use('key:a', 'life', 1n), kind: 'quota-exceeded' },
    { limit: use('account', '5h', 1n), kind: 'quota-exceeded' },
    { limit: use('member:m', '1d', 1n), kind: 'quota-exceeded' },
    { limit: use('model:x', 'life', 1n), kind: 'quota-exceeded' },
  ])('is told as $kind', ({ limit, kind }) => {
    expect(kindOf(limit)).toBe(kind);
  });
});
