import { hourly } from './keep-retention.js';

const MINUTE = 60_000;

describe('hourly', () => {
  it('does it the first time it is asked, and then once an hour, also after a failure', async () => {
    let [minutes, times] = [0, 0];
    const look = hourly(
      async () => {
        times += 1;
        if (times === 1) throw new Error('the store is away');
      },
      () => new Date(minutes * MINUTE),
    );
    await expect(look()).rejects.toThrow('away');
    for (minutes = 5; minutes <= 125; minutes += 5) await look();
    expect(times).toBe(3);
  });
});
