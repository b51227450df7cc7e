import fc from 'fast-check';

import { arrayLiteral } from './array-literal.js';
import { createPool, type Pool } from './create-pool.js';

const RUNS = 300;

describe('a column as an array literal', () => {
  let pool: Pool;

  beforeAll(() => {
    const settings = { max: 1, statementTimeoutMs: 4_000, applicationName: 'array-literal' };
    pool = createPool(process.env['TEST_DATABASE_URL'] ?? '', settings);
  });

  afterAll(() => pool.end());

  /** Whether the server reads the same from the literal as from what pg makes of the values. */
  const readsAlike = async (type: string, values: Parameters<typeof arrayLiteral>[0]): Promise<void> => {
    const text = `SELECT $1::${type}[] AS ours, $2::${type}[] AS theirs, $1::${type}[] IS NOT DISTINCT FROM $2::${type}[] AS alike`;
    const { rows } = await pool.query<Record<string, unknown>>(text, [arrayLiteral(values), values]);
    expect(rows[0]).toEqual({ ours: rows[0]?.['theirs'], theirs: rows[0]?.['theirs'], alike: true });
  };

  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(
        '"',
        '\\',
        '{',
        '}',
        ',',
        ' ',
        '\n',
        '\t',
        '\u0001',
        'é',
        '\u{1F600}',
        'NULL',
        'n',
        '\ud800',
      ),
    }),
    fc.json(),
    fc.constantFrom('', 'NULL', 'null', '""', '\\', '{}'),
  );

  it.each([
    // The server takes every character but this one.
    ['text', texts.map((text) => text.replaceAll('\u0000', ''))],
    ['bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    ['int', fc.integer()],
    ['float8', fc.oneof(fc.double(), fc.constantFrom(Infinity, -Infinity, NaN, 0.1, 1e21, 1e-7, Date.now()))],
    ['bool', fc.boolean()],
    ['uuid', fc.uuid()],
    [
      'timestamptz',
      fc.date({ min: new Date(0), max: new Date('2999-12-31'), noInvalidDate: true }).map((date) => date.toISOString()),
    ],
  ] as const)('is read as pg has it read: %s', async (type, elements) => {
    const columns = fc.array(fc.option<string | number | bigint | boolean, null>(elements, { nil: null }));
    await fc.assert(
      fc.asyncProperty(columns, (values) => readsAlike(type, values)),
      { numRuns: RUNS },
    );
  });
});
