import { startHeartbeat } from './heartbeat.js';
import { until } from './testing/steps.js';

const logger = { warn: () => undefined };

describe('the heartbeat', () => {
  it('says at once and again how old the oldest open request is', async () => {
    const said: number[] = [];
    let oldest: number | undefined = 70;
    const beat = (oldestOpenMs: number) => {
      said.push(oldestOpenMs);
      oldest = undefined;
      return Promise.resolve({ nextMs: 1 });
    };
    const heartbeat = startHeartbeat({ beat, oldestStartedAt: () => oldest, now: () => 100, logger });
    await until(() => said.length >= 3);
    heartbeat.stop();
    expect(said.slice(0, 3)).toEqual([30, 0, 0]);
  });

  it('says it again when the ledger did not hear it', async () => {
    let tries = 0;
    const beat = () => {
      tries += 1;
      return Promise.reject(new Error('away'));
    };
    const heartbeat = startHeartbeat({ beat, oldestStartedAt: () => undefined, now: () => 0, logger });
    await until(() => tries >= 2);
    heartbeat.stop();
    expect(tries).toBe(2);
  });
});
