import { createServer, type RequestListener, type Server } from 'node:http';

import { LIMITS } from '@bytespike/kernel';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Gateway } from '../gateway.js';
import { answerBrokenHttp } from './broken-http.js';
import { routeAsWritten, serve, take, unreadableAddress } from './register-routes.js';

/** Longest part of an address the router reads; model names of some vendors have paths in them. */
const ADDRESS_PART_MAX = 500;
const HEADERS_TIMEOUT_MS = 20_000;
/** Longer than the idle time of common load balancers, so that they close first and never meet a closing socket. */
const IDLE_CONNECTION_MS = 75_000;

/**
 * Nest's Fastify adapter without what would answer in its own words: no not-found handler, no error handler and no
 * middleware of the framework stand between a request and the gateway's table.
 */
export class GatewayAdapter extends FastifyAdapter {
  constructor(gateway: Gateway) {
    super({
      skipMiddie: true,
      exposeHeadRoutes: false,
      return503OnClosing: false,
      serverFactory: (viaRouter: RequestListener) => createGatewayServer(gateway, viaRouter),
      routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: ADDRESS_PART_MAX },
      clientErrorHandler: (error, socket) => answerBrokenHttp(error, socket, gateway.exchanges),
      frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) =>
        take(gateway, request, reply, unreadableAddress(request)),
    });
  }

  /** The table has its own. */
  override setNotFoundHandler() {
    return this.instance;
  }

  /** Failures are answered where they happen, in the caller's dialect. */
  override setErrorHandler() {
    return this.instance;
  }
}

/**
 * The server below the framework. Most requests are for an address of the table exactly as it is written there, so
 * they are served at once; the router is for every other way of writing one.
 */
function createGatewayServer(gateway: Gateway, viaRouter: RequestListener): Server {
  const settings = {
    maxHeaderSize: LIMITS.headerBytesMax,
    headersTimeout: HEADERS_TIMEOUT_MS,
    // The body's own limits and times are kept where it is read; a stream has no limit here.
    requestTimeout: 0,
    keepAliveTimeout: IDLE_CONNECTION_MS,
  };
  const server = createServer(settings, (request, response) => {
    const route = routeAsWritten(request);
    if (route) serve(gateway, route, request, response, '');
    else viaRouter(request, response);
  });
  // A refused client is spared sending its body: `100 Continue` waits until the body is wanted.
  return server.on('checkContinue', (request, response) => server.emit('request', request, response));
}
