import { randomUUID } from 'node:crypto';

import { createLogger } from '@bytespike/telemetry';
import { Redis } from 'ioredis';

import { describeAlarm } from '../testing/describe-alarm.js';
import { createBullAlarm } from './bull-alarm.js';

const url = process.env['TEST_REDIS_URL'] ?? '';
const logger = createLogger({ service: 'test', level: 'silent' });
const CLOSE_MS = 5_000;

describeAlarm('BullMQ', async () => {
  const alarm = createBullAlarm({ url, logger, prefix: `test-${randomUUID()}` });
  await alarm.ready();
  return { alarm, stop: () => alarm.close(CLOSE_MS) };
});

describe('BullMQ', () => {
  it('keeps nothing in Redis but names', async () => {
    const prefix = `test-${randomUUID()}`;
    const alarm = createBullAlarm({ url, logger, prefix });
    await alarm.ready();
    await alarm.wake({ lane: 'submit', taskId: 'task_1', name: 'task_1-1', delayMs: 60_000 });

    const redis = new Redis(url);
    const data = await redis.hget(`${prefix}:task-submit:task_1-1`, 'data');
    redis.disconnect();
    await alarm.close(CLOSE_MS);

    expect(data).toBe('{"taskId":"task_1"}');
  });

  it('goes on after everything in Redis was lost', async () => {
    const prefix = `test-${randomUUID()}`;
    const alarm = createBullAlarm({ url, logger, prefix });
    await alarm.ready();
    const rung = new Promise<string>((resolve) => {
      void alarm.listen('poll', 2, async (taskId) => resolve(taskId));
    });
    await alarm.wake({ lane: 'poll', taskId: 'task_lost', name: 'task_lost-1', delayMs: 60_000 });
    const redis = new Redis(url);
    const keys = await redis.keys(`${prefix}:*`);
    await redis.del(...keys);
    redis.disconnect();

    await alarm.wake({ lane: 'poll', taskId: 'task_next', name: 'task_next-1', delayMs: 0 });

    expect(await rung).toBe('task_next');
    await alarm.close(CLOSE_MS);
  });

  it('says at once that a wake was not noted when Redis is away, and is closed all the same', async () => {
    const alarm = createBullAlarm({ url: 'redis://127.0.0.1:9', logger });
    await alarm.listen('poll', 1, async () => undefined);

    await expect(alarm.wake({ lane: 'poll', taskId: 'task_1', name: 'task_1-1', delayMs: 0 })).rejects.toMatchObject({
      kind: 'unavailable',
    });

    await alarm.close(100);
  });
});
