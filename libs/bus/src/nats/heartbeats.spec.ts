import { jest } from '@jest/globals';

import { Heartbeats, type Pulse } from './heartbeats.js';

const pulse = (): Pulse & { readonly log: string[] } => {
  const log: string[] = [];
  return { log, heard: false, quietTicks: 0, beat: () => log.push('beat'), silent: () => log.push('silent') };
};

describe('heartbeats', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('beat four times in an idle time, and end a peer that says nothing for all of it', () => {
    const quiet = pulse();
    new Heartbeats().watch(400, quiet);
    jest.advanceTimersByTime(399);
    expect(quiet.log).toEqual(['beat', 'beat', 'beat']);
    jest.advanceTimersByTime(1);
    expect(quiet.log).toEqual(['beat', 'beat', 'beat', 'silent']);
  });

  it('keep a peer that is heard now and then', () => {
    const alive = pulse();
    new Heartbeats().watch(400, alive);
    for (let n = 0; n < 10; n += 1) {
      alive.heard = true;
      jest.advanceTimersByTime(300);
    }
    expect(alive.log).not.toContain('silent');
  });

  it('stop, timer and all, with the last that is watched', () => {
    const heartbeats = new Heartbeats();
    const forgets = [heartbeats.watch(400, pulse()), heartbeats.watch(400, pulse()), heartbeats.watch(800, pulse())];
    expect(jest.getTimerCount()).toBe(2);
    for (const forget of forgets) forget();
    expect(jest.getTimerCount()).toBe(0);
  });
});
