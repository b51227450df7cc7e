import { armKillPoint, reached } from './kill-point.js';

describe('a kill point', () => {
  it('kills when its step is reached for the given time, and at no other step', () => {
    let kills = 0;
    armKillPoint('ledger.hold.committed:2', () => (kills += 1));
    const killsAfter = (point: Parameters<typeof reached>[0]): number => {
      reached(point);
      return kills;
    };
    expect([
      killsAfter('ledger.hold.committed'),
      killsAfter('ledger.hold.deciding'),
      killsAfter('ledger.hold.committed'),
    ]).toEqual([0, 0, 1]);
  });

  it('kills at the first time when no number is given', () => {
    let kills = 0;
    armKillPoint('ingress.fact.stored', () => (kills += 1));
    reached('ingress.fact.stored');
    expect(kills).toBe(1);
  });
});
