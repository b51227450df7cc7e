import { capsOf } from './caps-of.js';

const NONE = { quota: 0n, rate_limit_5h: 0n, rate_limit_1d: 0n, rate_limit_7d: 0n };

describe('the caps of a key', () => {
  it('are none where none is set: zero is no cap', () => {
    expect(capsOf('k', NONE, [])).toEqual([]);
  });

  it('are its quota for life and its windows', () => {
    expect(capsOf('k', { quota: 4n, rate_limit_5h: 1n, rate_limit_1d: 2n, rate_limit_7d: 3n }, [])).toEqual([
      { subject: 'key:k', span: 'life', limit: 4n },
      { subject: 'key:k', span: '5h', limit: 1n },
      { subject: 'key:k', span: '1d', limit: 2n },
      { subject: 'key:k', span: '7d', limit: 3n },
    ]);
  });

  it('are those of its account too, to the nano-dollar', () => {
    expect(
      capsOf('k', { ...NONE, rate_limit_1d: 2n }, [
        { subject: 'account', span: 'life', amount: '9223372036854775807' },
        { subject: 'model:m', span: '7d', amount: '1' },
      ]),
    ).toEqual([
      { subject: 'key:k', span: '1d', limit: 2n },
      { subject: 'account', span: 'life', limit: 9_223_372_036_854_775_807n },
      { subject: 'model:m', span: '7d', limit: 1n },
    ]);
  });
});
