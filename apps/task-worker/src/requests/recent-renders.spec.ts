import { RecentRenders } from './recent-renders.js';

const logger = { warn: () => undefined };

describe('what recent renders have taken', () => {
  it('is asked once by a hundred who submit at once, and again after a minute', async () => {
    let asked = 0;
    let now = 0;
    const read = async (): Promise<readonly number[]> => {
      asked += 1;
      return [10, 20, 30, 40, 5_000];
    };
    const recent = new RecentRenders({ read, now: () => now, logger });

    const expected = await Promise.all(Array.from({ length: 100 }, () => recent.expect('veo', { seconds: 8 }, 60)));
    now = 60_000;
    await recent.expect('veo', { seconds: 8 }, 60);

    expect([new Set(expected), asked]).toEqual([new Set([30]), 2]);
  });

  it.each([
    { name: 'are too few to tell', read: async () => [1, 2, 3, 4] },
    { name: 'cannot be asked', read: () => Promise.reject(new Error('away')) },
  ])('is what the table says while they $name', async ({ read }) => {
    const recent = new RecentRenders({ read, now: () => 0, logger });

    await expect(recent.expect('veo', { seconds: 8 }, 60)).resolves.toBe(60);
  });
});
