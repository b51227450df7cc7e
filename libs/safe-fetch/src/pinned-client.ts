import { isIP, type LookupFunction } from 'node:net';

import { Client } from 'undici';

import { refused } from './refused.js';

const CONNECT_MS_MAX = 5_000;
const FIRST_BYTE_MS_MAX = 30_000;
const STALL_MS_MAX = 15_000;
const HEADER_BYTES_MAX = 16 * 1024;

/**
 * A connection to an origin at these addresses and no others: its name is not asked for again, so DNS cannot change its
 * mind between the check and the call. Host header, SNI and certificate stay those of the name. Used once.
 */
export function openPinned(url: URL, addresses: readonly string[]): Client {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_hostname, options, done) => {
    const [first] = pinned;
    if (options.all === true) done(null, [...pinned]);
    else if (first) done(null, first.address, first.family);
    else done(refused('no address'), '', 0);
  };
  return new Client(url.origin, {
    connect: { lookup, timeout: CONNECT_MS_MAX },
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: FIRST_BYTE_MS_MAX,
    bodyTimeout: STALL_MS_MAX,
  });
}
