import { httpFailure } from './http-failure.js';

const failed = (code: string): Error => Object.assign(new Error(`connect ${code} 192.0.2.1:443`), { code });

describe('a broken exchange', () => {
  it.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'])(
    'is no fault of a vendor where we have run out: %s',
    (code) => {
      expect(httpFailure(failed(code))).toMatchObject({ kind: 'unavailable', message: `no way out: ${code}` });
    },
  );

  it.each(['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND'])('is theirs where they are not to be reached: %s', (code) => {
    expect(httpFailure(failed(code))).toMatchObject({ kind: 'upstream-transient', message: 'no connection' });
  });
});
