import { createPlaces } from './places.js';

describe('places', () => {
  const refusal = expect.objectContaining({ kind: 'concurrency', message: 'At most 2 at once.', retryAfterMs: 1_000 });

  it('are so many of each owner', () => {
    const places = createPlaces(2, 'at once');
    places.take('a');
    places.take('a');
    expect(() => places.take('a')).toThrow(refusal);
    expect(() => places.take('b')).not.toThrow();
  });

  it('are free again when they are left, once', () => {
    const places = createPlaces(2, 'at once');
    const leave = places.take('a');
    places.take('a');
    leave();
    leave();
    places.take('a');
    expect(() => places.take('a')).toThrow(refusal);
  });
});
