import { allowedLosses, lossPolicy } from './loss-policy.js';

describe('the policy on losses', () => {
  it.each(['strict', 'Strict', ' STRICT '])('is what the header %j asks for', (asked) => {
    expect(lossPolicy({ 'x-gateway-policy': asked }, 'warn')).toBe('strict');
  });

  it.each([undefined, '', 'lenient'])('is the key’s own where the header says %j', (asked) => {
    expect(lossPolicy(asked === undefined ? {} : { 'x-gateway-policy': asked }, 'strict')).toBe('strict');
  });

  it('permits the codes of the allow header, and nothing that is no code', () => {
    expect(allowedLosses({ 'x-gateway-allow': 'L61, L70,everything' })).toEqual(['L61', 'L70']);
  });
});
