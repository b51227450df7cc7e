import { assert, GatewayError } from '@bytespike/kernel';
import { Pool } from 'undici';

import { exchange } from './exchange.js';
import { abortFailure } from './http-failure.js';
import type { AbortableRequest, Exchange, HttpRequest, ResponseReceiver } from './http-request.js';

/** Which origins may be called, and what that may take up. */
export interface HttpClientOptions {
  readonly connectTimeoutMs: number;
  /** Sockets to one origin. */
  readonly connectionsMax: number;
  readonly originsMax: number;
  /** Whether this origin was configured by an operator. Everything else is refused before a name is resolved. */
  readonly mayCall: (origin: string) => boolean;
}

/** Calls configured addresses, over connections that are kept alive. Redirects are answers, not instructions. */
export interface HttpClient {
  /** Pushes the response into `receiver`; resolves at its end, rejects with a `GatewayError` when it has none. */
  send(request: AbortableRequest, receiver: ResponseReceiver): Promise<void>;
  /** As `send`, for who closes by hand what a signal would have to be made for. Never throws. */
  open(request: HttpRequest, receiver: ResponseReceiver): Exchange;
  close(): Promise<void>;
}

/** How long an idle connection is kept where the vendor gives no hint. */
const KEEP_ALIVE_MS = 15_000;
const HEADER_BYTES_MAX = 64 * 1024;

const ADDRESSES_MAX = 1_000;

/** Ended before it began. */
const endedBy = (failure: GatewayError): Exchange => ({ ended: Promise.resolve(failure), close: () => undefined });

const UNCONFIGURED = endedBy(new GatewayError('internal', 'an address that nobody configured was called'));

interface Address {
  readonly origin: string;
  readonly path: string;
}

/**
 * A pool of connections to each configured origin, for as long as the process lives. Failures are values or rejections of kind
 * `upstream-*`, `cancelled`, `unavailable` and `internal`; see README.md.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const pools = new Map<string, Pool>();

  const poolFor = (origin: string): Pool => {
    const known = pools.get(origin);
    if (known) return known;
    assert(pools.size < options.originsMax, 'the number of configured origins is bounded');
    const pool = new Pool(origin, {
      connections: options.connectionsMax,
      // One request at a time per connection: a long answer must not hold up another.
      pipelining: 1,
      // Closing a connection is how we tell a vendor to stop; on HTTP/2 it would stop the neighbours too.
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
      connect: { timeout: options.connectTimeoutMs },
    });
    pools.set(origin, pool);
    return pool;
  };

  const addresses = new Map<string, Address>();
  /** The calls of a channel go to a handful of addresses, so most of them have been taken apart before. */
  const addressOf = (url: string): Address => {
    const known = addresses.get(url);
    if (known) return known;
    const { origin, pathname, search } = new URL(url);
    const address = { origin, path: pathname + search };
    if (addresses.size >= ADDRESSES_MAX) addresses.clear();
    addresses.set(url, address);
    return address;
  };

  const open: HttpClient['open'] = (request, receiver) => {
    try {
      const { origin, path } = addressOf(request.url);
      if (!options.mayCall(origin)) return UNCONFIGURED;
      return exchange({ pool: poolFor(origin), path }, request, receiver);
    } catch (thrown) {
      return endedBy(GatewayError.from(thrown));
    }
  };

  return {
    open,
    async send(request, receiver) {
      const { signal } = request;
      if (signal.aborted) throw abortFailure(signal);
      const running = open(request, receiver);
      const leave = (): void => running.close(abortFailure(signal));
      signal.addEventListener('abort', leave, { once: true });
      const failure = await running.ended;
      signal.removeEventListener('abort', leave);
      if (failure) throw failure;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}
