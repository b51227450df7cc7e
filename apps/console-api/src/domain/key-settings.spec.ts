import { assertAddressRanges } from './key-settings.js';

const check = (range: string) => () => assertAddressRanges('ip_blacklist', [range]);

describe('address ranges of a key', () => {
  it.each(['192.168.0.1', '10.0.0.0/8', '::1', '2001:db8::/32', '::ffff:10.0.0.1', '::ffff:10.0.0.0/104'])(
    'are addresses and CIDRs of both families: %s',
    (range) => {
      expect(check(range)).not.toThrow();
    },
  );

  it.each(['', 'localhost', '10.0.0.0/33', '::1/129', '10.0.0.1/', ' 10.0.0.1'])('are nothing else: "%s"', (range) => {
    expect(check(range)).toThrow(expect.objectContaining({ kind: 'invalid-request' }));
  });

  it.each(['192.168', '192.168/16', '10', '010.0.0.1', '0x0a.0.0.1', '10.0/8'])(
    'are no shorthand, which would match other addresses than its author means: %s',
    (range) => {
      expect(check(range)).toThrow(`ip_blacklist: "${range}" is not an IP address or CIDR range`);
    },
  );
});
