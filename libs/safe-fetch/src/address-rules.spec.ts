import { isPublicAddress } from './address-rules.js';

describe('isPublicAddress', () => {
  it.each([
    { what: 'this network', addresses: ['0.0.0.0', '0.1.2.3', '0.255.255.255'] },
    { what: 'private', addresses: ['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.1'] },
    { what: 'shared by carriers', addresses: ['100.64.0.0', '100.100.100.200', '100.127.255.255'] },
    { what: 'loopback', addresses: ['127.0.0.1', '127.0.0.2', '127.255.255.255'] },
    { what: 'link-local', addresses: ['169.254.0.0', '169.254.169.254', '169.254.170.2', '169.254.255.255'] },
    { what: 'assigned to protocols', addresses: ['192.0.0.0', '192.0.0.192', '192.0.0.255', '192.88.99.1'] },
    { what: 'documentation', addresses: ['192.0.2.1', '198.51.100.1', '203.0.113.1'] },
    { what: 'benchmarking', addresses: ['198.18.0.0', '198.19.255.255'] },
    { what: 'multicast', addresses: ['224.0.0.1', '239.255.255.255'] },
    { what: 'reserved, broadcast', addresses: ['240.0.0.1', '255.255.255.254', '255.255.255.255'] },
    { what: 'a sink or a relay', addresses: ['192.31.196.1', '192.175.48.1', '192.52.193.1'] },
    { what: 'a metadata server that looks public', addresses: ['168.63.129.16'] },
    { what: 'unspecified and loopback in IPv6', addresses: ['::', '::1', '0:0:0:0:0:0:0:1'] },
    { what: 'mapped IPv4', addresses: ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::ffff:a9fe:a9fe'] },
    { what: 'compatible IPv4', addresses: ['::127.0.0.1', '::7f00:1', '::8.8.8.8'] },
    { what: 'translated IPv4', addresses: ['::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8'] },
    { what: 'NAT64', addresses: ['64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::a00:1', '64:ff9b:1:ffff::1'] },
    { what: '6to4', addresses: ['2002:7f00:1::', '2002:808:808::1'] },
    { what: 'Teredo', addresses: ['2001::1', '2001:0:7f00:1::'] },
    { what: 'assigned to protocols in IPv6', addresses: ['2001:1::1', '2001:10::1', '2001:20::1', '2001:1ff:ffff::1'] },
    { what: 'documentation in IPv6', addresses: ['2001:db8::1', '3fff::1', '3fff:fff:ffff::1'] },
    { what: 'unique local', addresses: ['fc00::1', 'fd00:ec2::254', 'fdff:ffff::1'] },
    { what: 'link-local in IPv6', addresses: ['fe80::1', 'febf::1', 'fe80::1%eth0', '2600::1%eth0'] },
    { what: 'site-local', addresses: ['fec0::1', 'feff::1'] },
    { what: 'multicast in IPv6', addresses: ['ff02::1', 'ff0e::1'] },
    { what: 'discard, dummy, segment routing', addresses: ['100::1', '100:0:0:1::1', '5f00::1'] },
    { what: 'not assigned', addresses: ['4000::1', '8000::1', 'e000::1', '200::1', '400::1'] },
    {
      what: 'no address',
      addresses: ['', 'localhost', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.4/8', ':::', '[::1]'],
    },
  ])('is false of $what', ({ addresses }) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
  ])('is true of %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '198.17.255.255',
    '223.255.255.255',
  ])('is true of %s', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each(['2001:200::1', '2606:4700::1111', '2a00:1450:4001:82a::200e', '2003::1', '3ffe::1', '2001:4860:4860::8888'])(
    'is true of %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
});
