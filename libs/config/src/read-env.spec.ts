import { z } from 'zod';

import { flagField, portField, readEnv, urlField } from './index.js';

const schema = z.object({
  PORT: portField(8080),
  NATS_URL: urlField('nats', 'tls'),
  SECRET: z.string().min(8),
  RECORD: flagField('on'),
});

const good = { NATS_URL: 'nats://127.0.0.1:4222', SECRET: 'long enough' };

describe('readEnv', () => {
  it('reads values and fills defaults', () => {
    expect(readEnv(schema, { ...good, RECORD: 'off' })).toEqual({ ...good, PORT: 8080, RECORD: false });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readEnv(schema, { ...good, PORT: '' }).PORT).toBe(8080);
  });

  it('names every problem at once and no value', () => {
    const read = () => readEnv(schema, { PORT: '99999', NATS_URL: 'https://nats', SECRET: 'hunter2' });
    expect(read).toThrow(/PORT[\s\S]*NATS_URL[\s\S]*SECRET/);
    expect(read).not.toThrow(/hunter2/);
  });
});
