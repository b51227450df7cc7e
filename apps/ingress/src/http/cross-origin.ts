import type { IncomingMessage, ServerResponse } from 'node:http';

import { COMPLETE } from '../observe.js';
import { METHODS, type Route } from './route.js';
import { idHeaders } from './write-answer.js';

/**
 * Pages of every origin may ask, and read all of an answer: SDKs that run in browsers, and web chat clients. A key travels in a
 * header that the page itself writes, never in a cookie that a browser adds, so a page can do no more than the key it holds.
 * For the same reason `*` is enough: it is void for requests with cookies.
 */
export function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  if (headers.origin === undefined) return;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', '*');
}

/** Whether a browser asks if its page may ask. Any other `OPTIONS` is answered as a wrong method is. */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

const ALLOWED = [
  ...['access-control-allow-methods', METHODS.join(', ')],
  // The star stands for every other header.
  ...['access-control-allow-headers', 'authorization, *'],
  // Browsers keep it for less.
  ...['access-control-max-age', '86400'],
];

/** Without a key, which no browser shows here; what the address is and takes is told to the request itself. */
export const PREFLIGHT: Route = {
  method: 'OPTIONS',
  template: '*',
  paths: [],
  dialect: 'of-caller',
  serve: async (exchange) => {
    exchange.response.writeHead(204, [...idHeaders(exchange), ...ALLOWED]).end();
    return COMPLETE;
  },
};
