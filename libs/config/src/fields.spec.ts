import { z } from 'zod';

import { integerField, portField, readEnv } from './index.js';

const schema = z.object({ WAIT_MS: integerField(100, { min: 0, max: 1_000 }), BYTES_MAX: integerField(4, { min: 1 }) });

describe('integerField', () => {
  it.each([
    { given: {}, read: { WAIT_MS: 100, BYTES_MAX: 4 } },
    { given: { WAIT_MS: '0', BYTES_MAX: '1' }, read: { WAIT_MS: 0, BYTES_MAX: 1 } },
    {
      given: { WAIT_MS: '1000', BYTES_MAX: '9007199254740991' },
      read: { WAIT_MS: 1_000, BYTES_MAX: 9_007_199_254_740_991 },
    },
  ])('reads $given', ({ given, read }) => {
    expect(readEnv(schema, given)).toEqual(read);
  });

  it.each([{ WAIT_MS: '-1' }, { WAIT_MS: '1001' }, { WAIT_MS: '0.5' }, { WAIT_MS: 'soon' }, { BYTES_MAX: '0' }])(
    'refuses %p',
    (given) => {
      expect(() => readEnv(schema, given)).toThrow(Object.keys(given)[0]);
    },
  );
});

it('takes port 0, which is any that is free, and none beyond the last', () => {
  const ports = z.object({ PORT: portField(8080) });
  expect(readEnv(ports, { PORT: '0' })).toEqual({ PORT: 0 });
  expect(() => readEnv(ports, { PORT: '65536' })).toThrow('PORT');
});
