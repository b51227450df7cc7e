import { FactOutbox, type FactBatch } from './fact-outbox.js';

const outbox = (given: { lingerMs?: number; messageBytesMax?: number; store?: () => Promise<void> } = {}) => {
  const stored: FactBatch[] = [];
  const box = new FactOutbox({
    subject: 'probe.v1.seen',
    lingerMs: given.lingerMs ?? 0,
    messageBytesMax: given.messageBytesMax ?? 1_000,
    store: async (batch) => {
      stored.push(batch);
      await given.store?.();
    },
  });
  return { box, stored };
};

describe('facts on their way out', () => {
  it('share a message when they are stated in one turn, and the next turn begins another', async () => {
    const { box, stored } = outbox();
    await Promise.all([box.add('a', '1'), box.add('b', '2')]);
    await box.add('c', '3');
    expect(stored.map(({ text }) => text)).toEqual(['[1,2]', '[3]']);
  });

  it('are named by what is in the message', async () => {
    const { box, stored } = outbox();
    await box.add('a', '1');
    await Promise.all([box.add('a', '1'), box.add('b', '2')]);
    await Promise.all([box.add('a', '1'), box.add('c', '3')]);
    const ids = stored.map(({ messageId }) => messageId);
    expect(ids[0]).toBe('probe.v1.seen a');
    expect(new Set(ids).size).toBe(3);
  });

  it('are in a message once, however often they are stated', async () => {
    const { box, stored } = outbox();
    await Promise.all([box.add('a', '1'), box.add('a', '1')]);
    expect(stored.map(({ text }) => text)).toEqual(['[1]']);
  });

  it('begin another message when one is full', async () => {
    const { box, stored } = outbox({ messageBytesMax: 12 });
    await Promise.all([box.add('a', '"1234"'), box.add('b', '"5678"')]);
    expect(stored.map(({ text }) => text)).toEqual(['["1234"]', '["5678"]']);
  });

  it('leave at once when they are flushed, which waits for them', async () => {
    const { box, stored } = outbox({ lingerMs: 60_000 });
    const stated = box.add('a', '1');
    await box.flush();
    await stated;
    expect(stored).toHaveLength(1);
  });

  it('fail together with their message', async () => {
    const { box } = outbox({ store: () => Promise.reject(new Error('no room')) });
    const outcomes = await Promise.allSettled([box.add('a', '1'), box.add('b', '2')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
