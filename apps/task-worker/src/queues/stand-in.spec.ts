import { StandIn } from './stand-in.js';

const room = { submit: 2, draw: 1, poll: 2, fetch: 1, settle: 1 };

/** A stand-in whose looks end when a test says so. */
function standInUnderTest() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const standIn = new StandIn((taskId) => {
    begun.push(taskId);
    return new Promise<void>((resolve) => ends.set(taskId, resolve));
  }, room);
  const end = async (taskId: string): Promise<void> => {
    ends.get(taskId)?.();
    await new Promise(setImmediate);
  };
  return { standIn, begun, end };
}

describe('who stands in for an alarm clock', () => {
  it('looks at so many of a lane at once, and at the next when one has ended', async () => {
    const { standIn, begun, end } = standInUnderTest();
    standIn.take(['a', 'b', 'c'].map((taskId) => ({ lane: 'submit' as const, taskId })));
    expect(begun).toEqual(['a', 'b']);

    await end('a');

    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('keeps no question waiting for a copy that goes on, whenever it is asked', () => {
    const { standIn, begun } = standInUnderTest();
    standIn.take([
      { lane: 'fetch', taskId: 'large' },
      { lane: 'fetch', taskId: 'next' },
    ]);
    standIn.take([{ lane: 'poll', taskId: 'question' }]);

    expect(begun).toEqual(['large', 'question']);
  });

  it('forgets what waited when it is told anew what is due', async () => {
    const { standIn, begun, end } = standInUnderTest();
    standIn.take(['a', 'b'].map((taskId) => ({ lane: 'settle' as const, taskId })));
    standIn.take([{ lane: 'settle', taskId: 'c' }]);

    await end('a');

    expect(begun).toEqual(['a', 'c']);
  });

  it('begins nothing more when it is closed, and waits no longer than it may', async () => {
    const { standIn, begun, end } = standInUnderTest();
    standIn.take(['a', 'b', 'c'].map((taskId) => ({ lane: 'submit' as const, taskId })));

    await standIn.close(1);
    await end('a');

    expect(begun).toEqual(['a', 'b']);
  });
});
