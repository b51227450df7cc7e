import { usagePage, usageQuery, type UsageRecord } from './usage-page.js';

const record = (requestId: string, createdAt: number): UsageRecord => ({
  requestId,
  createdAt,
  model: 'model',
  protocol: 'openai-chat',
  keyId: 'key',
  keyHint: 'hint',
  units: {
    input: 5,
    toolInput: 1,
    cacheRead: 2,
    cacheWrite5m: 3,
    cacheWrite1h: 4,
    output: 6,
    imageOutput: 1,
    reasoning: 7,
  },
  cost: 8n,
  ending: 'complete',
});

describe('a usage page', () => {
  it('folds the usage classes into the five that receipts show', () => {
    expect(usagePage([record('one', 1)], 10)).toEqual({
      rows: [
        {
          requestId: 'one',
          createdAt: 1,
          model: 'model',
          protocol: 'openai-chat',
          keyId: 'key',
          keyHint: 'hint',
          tokens: { input: 6, cacheRead: 2, cacheWrite: 7, output: 7, reasoning: 7 },
          cost: 8n,
          ending: 'complete',
        },
      ],
    });
  });

  it.each([{ seconds: 8 }, { images: 3 }])('tells of a render what was made: %j', (units) => {
    const { rows } = usagePage([{ ...record('one', 1), protocol: 'tasks', units }], 10);
    expect(rows).toMatchObject([{ protocol: 'tasks', ...units, tokens: { input: 0, output: 0 } }]);
  });

  it('ends with a cursor that begins the next page after its last row', () => {
    const { rows, nextCursor } = usagePage([record('two', 2), record('one', 1)], 1);
    expect(rows.map(({ requestId }) => requestId)).toEqual(['two']);
    expect(usageQuery({ accountId: 'acc', limit: 1, cursor: nextCursor })).toMatchObject({
      after: { createdAt: 2, requestId: 'two' },
      limit: 2,
    });
  });

  it.each(['', 'nonsense', ...['12:', 'x:y', '1:a\0b'].map((text) => Buffer.from(text).toString('base64url'))])(
    'refuses the cursor "%s"',
    (cursor) => {
      const read = () => usageQuery({ accountId: 'acc', limit: 1, cursor });
      expect(read).toThrow('The cursor is not one of ours.');
    },
  );
});
