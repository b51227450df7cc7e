import { isUnreachable } from './index.js';

const withCode = (code: string): Error => Object.assign(new Error('failed'), { code });

describe('isUnreachable', () => {
  it.each([
    ['a refused connection', withCode('ECONNREFUSED'), true],
    ['a server that is shutting down', withCode('57P01'), true],
    ['a database that is not there', withCode('3D000'), true],
    ['a statement over its time', withCode('57014'), true],
    ['too many connections', withCode('53300'), true],
    ['a lost connection', new Error('Connection terminated unexpectedly'), true],
    ['a client-side time limit', new Error('Query read timeout'), true],
    ['a server Prisma cannot reach', withCode('P1001'), true],
    [
      'a statement over its time, as Prisma wraps it',
      Object.assign(withCode('P2010'), { meta: { driverAdapterError: { cause: { originalCode: '57014' } } } }),
      true,
    ],
    ['a row that Prisma finds twice', withCode('P2002'), false],
    ['a violated check', withCode('23514'), false],
    ['a syntax error', withCode('42601'), false],
    ['any other error', new Error('something else'), false],
    ['a thrown string', 'ECONNREFUSED', false],
  ])('%s', (_name, error, expected) => {
    expect(isUnreachable(error)).toBe(expected);
  });
});
