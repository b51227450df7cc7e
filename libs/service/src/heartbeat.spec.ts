import { startHeartbeat } from './heartbeat.js';

const logger = { warn: () => undefined };

/** Waits until `isTrue` says so; the test's own timeout bounds it. */
const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise(setImmediate);
};

describe('the heartbeat', () => {
  it('says at once and again how old the oldest is that is open', async () => {
    const said: number[] = [];
    const ages = [70];
    const beat = (oldestOpenMs: number) => {
      said.push(oldestOpenMs);
      return Promise.resolve({ nextMs: 1 });
    };
    const heartbeat = startHeartbeat({ beat, oldestOpenMs: () => ages.pop() ?? 0, logger });
    await until(() => said.length >= 3);
    heartbeat.stop();
    expect(said.slice(0, 3)).toEqual([70, 0, 0]);
  });

  it('says it again when the ledger did not hear it', async () => {
    let tries = 0;
    const beat = () => {
      tries += 1;
      return Promise.reject(new Error('away'));
    };
    const heartbeat = startHeartbeat({ beat, oldestOpenMs: () => 0, logger });
    await until(() => tries >= 2);
    heartbeat.stop();
    expect(tries).toBe(2);
  });

  it('goes on when nobody could say how old the oldest is', async () => {
    const said: number[] = [];
    let asked = 0;
    const oldestOpenMs = () => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('the store is away')) : Promise.resolve(7);
    };
    const beat = (age: number) => {
      said.push(age);
      return Promise.resolve({ nextMs: 1_000 });
    };
    const heartbeat = startHeartbeat({ beat, oldestOpenMs, logger });
    await until(() => said.length === 1);
    heartbeat.stop();
    expect(said).toEqual([7]);
  });
});
