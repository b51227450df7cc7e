import { every } from './every.js';

const silent = { error: () => undefined };

describe('every', () => {
  it('goes on after a failure, and begins the next time only when the last has ended', async () => {
    let running = 0;
    let most = 0;
    let times = 0;
    let finish: () => void = () => undefined;
    const thrice = new Promise<void>((resolve) => (finish = resolve));
    const clock = every(
      1,
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        times += 1;
        if (times === 3) return finish();
        throw new Error('once more');
      },
      silent,
    );
    // The clock keeps no process alive, so the test does.
    const alive = setInterval(() => undefined, 1_000);
    await thrice;
    clearInterval(alive);
    await clock.stop();
    expect(most).toBe(1);
  });

  it('waits for what runs when it is stopped', async () => {
    let ended = false;
    let begun: () => void = () => undefined;
    const begins = new Promise<void>((resolve) => (begun = resolve));
    const clock = every(
      1,
      async () => {
        begun();
        await new Promise(setImmediate);
        ended = true;
      },
      silent,
    );
    const alive = setInterval(() => undefined, 1_000);
    await begins;
    clearInterval(alive);
    await clock.stop();
    expect(ended).toBe(true);
  });
});
