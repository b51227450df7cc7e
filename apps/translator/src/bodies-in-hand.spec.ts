import { createBodiesInHand } from './bodies-in-hand.js';

const done = async (): Promise<'done'> => 'done';

describe('bodies in hand', () => {
  it('are refused when they are too large together, until others are through', async () => {
    const bodies = createBodiesInHand(10);
    let finish: () => void = () => undefined;
    const first = bodies.during(6, () => new Promise<void>((resolve) => (finish = resolve)));

    await expect(bodies.during(5, done)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await bodies.during(4, done)).toBe('done');

    finish();
    await first;
    expect(await bodies.during(5, done)).toBe('done');
  });

  it('are given back by work that fails', async () => {
    const bodies = createBodiesInHand(10);
    await expect(bodies.during(10, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await bodies.during(10, done)).toBe('done');
  });

  it('has no limit when there is no other', async () => {
    expect(await createBodiesInHand(10).during(11, done)).toBe('done');
  });
});
