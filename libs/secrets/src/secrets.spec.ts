import { randomBytes } from 'node:crypto';

import { digestKey, isManagementKey, maskKey, readSealingKey, seal, unseal } from './index.js';

const key = randomBytes(32);

describe('sealing', () => {
  it('opens what it sealed, for the same owner', () => {
    expect(unseal(seal('sk-vendor-secret', 'credential-1', key), 'credential-1', key)).toBe('sk-vendor-secret');
  });

  it('never seals twice alike', () => {
    expect(seal('same', 'row', key)).not.toBe(seal('same', 'row', key));
  });

  it.each([
    { name: 'another owner', open: () => unseal(seal('secret', 'row-1', key), 'row-2', key) },
    { name: 'another key', open: () => unseal(seal('secret', 'row-1', key), 'row-1', randomBytes(32)) },
    { name: 'a cut seal', open: () => unseal(seal('secret', 'row-1', key).slice(0, 12), 'row-1', key) },
  ])('refuses $name', ({ open }) => {
    expect(open).toThrow();
  });

  it('refuses a key of the wrong size', () => {
    expect(() => readSealingKey('c2hvcnQ=')).toThrow('32 bytes');
  });
});

describe('digestKey', () => {
  it('depends on the key and on the pepper', () => {
    const digests = [digestKey('a', 'p'), digestKey('b', 'p'), digestKey('a', 'q')];
    expect(new Set(digests).size).toBe(3);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('isManagementKey', () => {
  it.each([
    { secret: 'sk-mgmt-byts-0123456789', is: true },
    { secret: 'sk-byts-0123456789', is: false },
    { secret: 'a-custom-sk-mgmt-byts-', is: false },
  ])('says $is of $secret', ({ secret, is }) => {
    expect(isManagementKey(secret)).toBe(is);
  });
});

describe('maskKey', () => {
  it.each([
    { secret: 'sk-byts-0123456789abcd', hint: 'sk-byts-...abcd' },
    { secret: 'sk-mgmt-byts-0123456789wxyz', hint: 'sk-mgmt-byts-...wxyz' },
    { secret: 'a-custom-secret-of-a-customer', hint: '...omer' },
  ])('shows $hint', ({ secret, hint }) => {
    expect(maskKey(secret)).toBe(hint);
  });
});
