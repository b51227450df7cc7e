import { redact } from './redact.js';

describe('the fields of a log line', () => {
  it('lose what may hold a secret or a prompt, wherever it is nested', () => {
    const fields = {
      requestId: 'r1',
      key: 'sk-secret',
      request: { url: '/?key=sk-secret', status: 200, parts: [{ content: 'a prompt' }] },
    };
    expect(redact(fields)).toEqual({
      requestId: 'r1',
      key: '[redacted]',
      request: { url: '[redacted]', status: 200, parts: [{ content: '[redacted]' }] },
    });
  });

  it('lose it in errors too, which keep what says where they come from', () => {
    const error = Object.assign(new TypeError('broken'), { body: 'a prompt', code: 'E1' });
    const { err } = redact({ err: error });
    expect(err).toMatchObject({ type: 'TypeError', message: 'broken', code: 'E1', body: '[redacted]' });
    expect(err).toHaveProperty('stack');
  });

  it('lose the row that Postgres quotes when it refuses one', () => {
    const error = Object.assign(new Error('violates check constraint'), {
      code: '23514',
      detail: 'Failing row contains (task_1, {"prompt": "a cat"}).',
      where: 'JSON data, line 1: {"prompt": "a cat',
    });
    const line = redact({ err: error });
    expect(JSON.stringify(line)).not.toContain('a cat');
    expect(line['err']).toMatchObject({ code: '23514' });
  });

  it('end where nobody logs', () => {
    const deep = { one: { two: { three: { four: { body: 'a prompt' } } } } };
    expect(JSON.stringify(redact(deep))).not.toContain('prompt');
  });
});
