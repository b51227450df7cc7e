import type { Cap } from '@bytespike/contracts';

import { capsFor, capsOfCaller } from './caps-for.js';

const cap = (subject: string): Cap => ({ subject, span: '1d', limit: 1n });
const [ofKey, ofMember, ofOne, ofOther, ofAll] = [
  cap('key:k'),
  cap('member:m'),
  cap('model:one'),
  cap('model:one-more'),
  cap('account'),
] as const;
const caps = [ofKey, ofMember, ofOne, ofOther, ofAll];

describe('caps that hold', () => {
  it('for a request are all but those of other models, of names that begin alike too', () => {
    expect(capsFor({ caps }, 'one')).toEqual([ofKey, ofMember, ofOne, ofAll]);
    expect(capsFor({ caps }, 'none')).toEqual([ofKey, ofMember, ofAll]);
  });

  it('for a caller are those of no model', () => {
    expect(capsOfCaller({ caps })).toEqual([ofKey, ofMember, ofAll]);
  });
});
