import type { Dialect } from '../domain/dialect.js';
import type { Gateway } from '../gateway.js';
import type { ObservedKind, RequestEnd } from '../observe.js';
import type { Exchange } from './exchange.js';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export const METHODS: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What a route does with an exchange; what it throws is answered in the exchange's dialect. */
export type Serve = (exchange: Exchange, gateway: Gateway) => Promise<RequestEnd>;

/** One row of the gateway's table. */
export interface Route {
  readonly method: Method;
  /** The documented address, for traces and logs: never what a caller sent. */
  readonly template: string;
  /** Every address it answers at, in the router's notation. */
  readonly paths: readonly string[];
  /** `of-caller` where several protocols ask at one address. */
  readonly dialect: Dialect | 'of-caller';
  readonly kind?: ObservedKind;
  readonly serve: Serve;
}
