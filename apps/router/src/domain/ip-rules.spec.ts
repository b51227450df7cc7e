import { compileIpRules, isAddressAllowed } from './ip-rules.js';

describe('address rules of a key', () => {
  it.each([
    ['no rules', [], [], '203.0.113.9', true],
    ['no rules and no readable address', [], [], 'unix', true],
    ['in the allowed range', ['10.0.0.0/8'], [], '10.1.2.3', true],
    ['outside the allowed range', ['10.0.0.0/8'], [], '11.1.2.3', false],
    ['allowed as one address', ['203.0.113.9'], [], '203.0.113.9', true],
    ['next to the one allowed address', ['203.0.113.9'], [], '203.0.113.10', false],
    ['in the denied range', [], ['10.0.0.0/8'], '10.1.2.3', false],
    ['outside the denied range', [], ['10.0.0.0/8'], '11.1.2.3', true],
    ['denied within the allowed range', ['10.0.0.0/8'], ['10.1.0.0/16'], '10.1.2.3', false],
    ['mapped IPv4 against an IPv4 rule', ['10.0.0.0/8'], [], '::ffff:10.1.2.3', true],
    ['mapped IPv4 against a denied IPv4 rule', [], ['10.0.0.0/8'], '::ffff:10.1.2.3', false],
    ['IPv4 against a mapped rule', ['::ffff:10.0.0.0/104'], [], '10.1.2.3', true],
    ['IPv6 in its range', ['2001:db8::/32'], [], '2001:db8:1::7', true],
    ['IPv6 against an IPv4 rule', ['10.0.0.0/8'], [], '2001:db8::1', false],
    ['IPv4 against an IPv6 denial', [], ['2001:db8::/32'], '10.0.0.1', true],
    ['an unreadable address under a rule', [], ['10.0.0.0/8'], 'unix', false],
    ['an unreadable allow rule lets nobody in', ['ten'], [], '10.0.0.1', false],
    ['an unreadable deny rule keeps everybody out', [], ['ten'], '10.0.0.1', false],
    ['blanks around a rule', [' 10.0.0.0/8 '], [], '10.0.0.1', true],
  ])('%s', (_name, allow, deny, address, expected) => {
    expect(isAddressAllowed(compileIpRules(allow, deny), address)).toBe(expected);
  });
});
