import { keyRecord } from '../testing/key-record.js';
import { admitKey } from './admit-key.js';
import { compileIpRules } from './ip-rules.js';

const NOW = 1_700_000_000_000;

describe('admitKey', () => {
  it('answers who is asking', () => {
    const record = keyRecord({ expiresAt: NOW + 1 });
    expect(admitKey(record, '10.0.0.1', NOW)).toBe(record.principal);
  });

  it.each([
    ['a revoked key', keyRecord({ status: 'revoked' }), 'unauthenticated'],
    ['a disabled key', keyRecord({ status: 'disabled' }), 'unauthenticated'],
    ['a key that expires this instant', keyRecord({ expiresAt: NOW }), 'unauthenticated'],
    ['a key of a paused account', keyRecord({ paused: true }), 'forbidden'],
    ['an address outside the rules', keyRecord({ ipRules: compileIpRules(['192.0.2.0/24'], []) }), 'forbidden'],
    ['a revoked key before anything else about it', keyRecord({ status: 'revoked', paused: true }), 'unauthenticated'],
  ])('refuses %s', (_name, record, kind) => {
    expect(() => admitKey(record, '10.0.0.1', NOW)).toThrow(expect.objectContaining({ kind }));
  });
});
