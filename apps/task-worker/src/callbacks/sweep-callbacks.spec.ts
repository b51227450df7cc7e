import { GatewayError } from '@bytespike/kernel';

import type { Wake } from '../queues/alarm.js';
import { sweepCallbacks, type CallbackSweepPorts } from './sweep-callbacks.js';

const taskIds = Array.from({ length: 40 }, (_, at) => `task_${at}`);

/** A sweep over 40 callbacks that are due. */
async function swept(wake: CallbackSweepPorts['alarm']['wake'], now = 20_000) {
  const told: string[] = [];
  const warned: string[] = [];
  await sweepCallbacks({
    callbacks: { overdue: async () => taskIds, tell: async (taskId) => void told.push(taskId) },
    alarm: { wake },
    now: () => now,
    logger: { warn: (_fields: unknown, message?: string) => void warned.push(message ?? '') },
  });
  return { told, warned };
}

describe('the sweep of callbacks', () => {
  it('wakes whoever tells, under a name that a second sweep gives again', async () => {
    const wakes: Wake[] = [];
    const note = async (wake: Wake): Promise<void> => void wakes.push(wake);
    expect(await swept(note)).toEqual({ told: [], warned: [] });
    expect(wakes[0]).toEqual({ lane: 'callback', taskId: 'task_0', name: 'task_0-again-2', delayMs: 0 });
    await swept(note, 29_999);
    expect(new Set(wakes.map(({ name }) => name)).size).toBe(taskIds.length);
    await swept(note, 30_000);
    expect(new Set(wakes.map(({ name }) => name)).size).toBe(2 * taskIds.length);
  });

  it('tells them itself while no wake can be noted, and says so once', async () => {
    const { told, warned } = await swept(() => Promise.reject(new GatewayError('unavailable', 'Redis is away')));
    expect([...told].sort()).toEqual([...taskIds].sort());
    expect(warned).toEqual(['callbacks are told without an alarm clock']);
  });
});
