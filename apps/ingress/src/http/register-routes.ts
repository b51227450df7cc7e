import type { IncomingMessage, ServerResponse } from 'node:http';

import { ASSETS_PATH } from '@bytespike/assets';
import { GatewayError } from '@bytespike/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { assetRoutes } from '../assets/asset-routes.js';
import { dialectOf } from '../domain/dialect.js';
import { readGeminiPath } from '../domain/gemini-path.js';
import type { Gateway } from '../gateway.js';
import { imageRoutes } from '../images/image-routes.js';
import { deliveryRoutes } from '../tasks/delivery-routes.js';
import { taskRoutes } from '../tasks/task-routes.js';
import { absentRoutes } from './absent-routes.js';
import { accountRoutes } from './account-routes.js';
import { generationRoutes } from './generation-routes.js';
import { refusingMethod } from './refusing-method.js';
import { METHODS, type Method, type Route } from './route.js';
import { hintsOf, serveExchange } from './serve-exchange.js';
import { storedResponseRoutes } from './stored-response-routes.js';

/** The whole public surface of the gateway. */
export const ROUTES: readonly Route[] = [
  ...generationRoutes,
  ...imageRoutes,
  ...storedResponseRoutes,
  ...accountRoutes,
  ...taskRoutes,
  ...deliveryRoutes,
  ...assetRoutes,
  ...absentRoutes,
];

/**
 * Puts the table on a Fastify instance. Each route takes its request over in the first hook: from there on the bytes,
 * the errors and the time are ours, and no parser, serializer or handler of the framework runs.
 */
export function registerRoutes(fastify: FastifyInstance, gateway: Gateway): void {
  for (const [path, routes] of byPath(ROUTES)) {
    const get = routes.get('GET');
    if (get && !routes.has('HEAD')) routes.set('HEAD', get);
    for (const [method, route] of routes) register(fastify, path, method, gateway, () => route);
    const allowed = [...routes.keys()];
    for (const method of METHODS.filter((one) => !routes.has(one)))
      register(fastify, path, method, gateway, (request) => wrongMethod(request, path, method, allowed));
  }
  for (const method of METHODS) register(fastify, '*', method, gateway, unknownRoute);
  // Only methods that the router has never heard of have no row. They too are taken over in the first hook: behind it the
  // framework judges their content type, and answers in its own words.
  fastify.addHook('onRequest', (request, reply, next) =>
    request.is404 ? take(gateway, request, reply, unknownRoute(request)) : next(),
  );
  fastify.setNotFoundHandler(() => undefined);
}

/** For what is refused before any route is found, in the dialect that the address tells. */
const refusing = (request: Addressed, message: string): Route => ({
  ...unknownRoute(request),
  serve: async () => {
    throw new GatewayError('invalid-request', message);
  },
});

/** An address that the router cannot decode. */
export const unreadableAddress = (request: FastifyRequest): Route =>
  refusing(request, 'The address of the request cannot be read.');

/** HTTP/1.1 without `Host`, which has to be refused (RFC 9112, 3.2). */
export const hostlessRequest = (raw: IncomingMessage): Route => refusing({ raw }, 'The request has no Host header.');

/** Hands a request over to us for good. */
export function take(gateway: Gateway, request: FastifyRequest, reply: FastifyReply, route: Route): void {
  const params = request.params as Readonly<Record<string, string | undefined>> | null;
  reply.hijack();
  serve(gateway, route, request.raw, reply.raw, params?.['*'] ?? params?.id ?? '');
}

/** Serves a request of a route; `resource` is what the route's wildcard matched. */
export function serve(
  gateway: Gateway,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  resource: string,
): void {
  serveExchange(gateway, route, request, response, resource).catch((error: unknown) => {
    gateway.logger.error({ err: error, route: route.template }, 'an answer could not be written');
    response.destroy();
  });
}

/** The routes without parameters, by method and address. */
const WRITTEN: ReadonlyMap<string, Route> = new Map(
  ROUTES.flatMap((route) =>
    route.paths.filter((path) => !/[*:]/.test(path)).map((path) => [`${route.method} ${path}`, route] as const),
  ),
);

/** The route of a request whose address is written as in the table; the router knows the other ways to write one. */
export function routeAsWritten({ method, url = '/' }: IncomingMessage): Route | undefined {
  const mark = url.indexOf('?');
  return WRITTEN.get(`${method} ${mark < 0 ? url : url.slice(0, mark)}`);
}

function register(
  fastify: FastifyInstance,
  url: string,
  method: Method,
  gateway: Gateway,
  routeOf: (request: FastifyRequest) => Route,
): void {
  fastify.route({
    method,
    url,
    // The hook never calls back, because the reply is no longer Fastify's.
    onRequest: (request, reply) => take(gateway, request, reply, routeOf(request)),
    handler: () => undefined,
  });
}

function byPath(routes: readonly Route[]): Map<string, Map<Method, Route>> {
  const table = new Map<string, Map<Method, Route>>();
  for (const route of routes) {
    for (const path of route.paths) {
      const methods = table.get(path) ?? new Map<Method, Route>();
      if (methods.has(route.method)) throw new Error(`two routes answer ${route.method} ${path}`);
      table.set(path, methods.set(route.method, route));
    }
  }
  return table;
}

function wrongMethod(request: FastifyRequest, path: string, method: Method, allowed: readonly Method[]): Route {
  // A wildcard of Gemini's stands for addresses that exist and for any that do not; only a call's shape tells.
  const isWide = path.endsWith('/*') && path !== `${ASSETS_PATH}*`;
  if (isWide && !readGeminiPath(addressOf(request).path)) return unknownRoute(request);
  // A call shares its wildcard with the name of a model, which is read.
  return { ...unknownRoute(request), method, serve: refusingMethod(isWide ? ['POST'] : allowed) };
}

function unknownRoute(request: Addressed): Route {
  const { raw } = request;
  const { path, query } = addressOf(request);
  return {
    // Anything else a client may invent is one label.
    method: METHODS.find((one) => one === raw.method) ?? 'GET',
    template: '*',
    paths: [],
    dialect: dialectOf(path, hintsOf(raw, query)),
    serve: async () => {
      throw new GatewayError('not-found', 'There is nothing at this address. GET /v1/models lists what is served.');
    },
  };
}

type Addressed = Pick<FastifyRequest, 'raw'>;

function addressOf({ raw }: Addressed): { readonly path: string; readonly query: string } {
  const [path = '/', query = ''] = (raw.url ?? '/').split('?', 2);
  return { path, query };
}
