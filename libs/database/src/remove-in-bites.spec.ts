import { removeInBites } from './remove-in-bites.js';

describe('removing in bites', () => {
  it('goes on until nothing went', async () => {
    const left = [3, 3, 1, 0, 3];
    await removeInBites(() => Promise.resolve(left.shift() ?? 0));
    expect(left).toEqual([3]);
  });

  it('leaves to the next pass what is too much for one', async () => {
    let bites = 0;
    await removeInBites(() => Promise.resolve((bites += 1)));
    expect(bites).toBe(100);
  });
});
