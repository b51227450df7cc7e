import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';

import { LIMITS } from '@bytespike/kernel';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Gateway } from '../gateway.js';
import { answerBrokenHttp } from './broken-http.js';
import { allowOrigin, isPreflight, PREFLIGHT } from './cross-origin.js';
import { hostlessRequest, routeAsWritten, serve, take, unreadableAddress } from './register-routes.js';
import type { Route } from './route.js';

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
    // A body's own limits and times are kept where it is read. What is left of one that was answered already is nobody's, and
    // who lets it trickle has as long as the slowest upload.
    requestTimeout: HEADERS_TIMEOUT_MS + gateway.timings.uploadMs,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    // Node's own refusal has neither a body nor a request id.
    requireHostHeader: false,
  };
  const server = createServer(settings, (request, response) => {
    allowOrigin(request, response);
    const route = routeBeforeRouter(request);
    if (route) serve(gateway, route, request, response, '');
    else viaRouter(request, response);
  });
  const serveAsUsual = (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response);
  // A refused client is spared sending its body: `100 Continue` waits until the body is wanted.
  server.on('checkContinue', serveAsUsual);
  // Nobody has to know what else may be expected, and Node's own 417 has neither a body nor a request id.
  return server.on('checkExpectation', serveAsUsual);
}

function routeBeforeRouter(request: IncomingMessage): Route | undefined {
  if (isHostless(request)) return hostlessRequest(request);
  return isPreflight(request) ? PREFLIGHT : routeAsWritten(request);
}

/** HTTP/1.0 knows no `Host`. */
const isHostless = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host === undefined && httpVersion === '1.1';
