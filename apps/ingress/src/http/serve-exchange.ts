import type { IncomingMessage, ServerResponse } from 'node:http';

import { GatewayError } from '@bytespike/kernel';
import { carriesGoogleKey } from '@bytespike/secrets';
import { continueTrace, inSpan, metrics, type Span } from '@bytespike/telemetry';

import { dialectOfCaller } from '../domain/dialect.js';
import type { Gateway } from '../gateway.js';
import { observeEnd, type RequestEnd } from '../observe.js';
import { openExchange, type Exchange } from './exchange.js';
import { refuseTold } from './refuse-told.js';
import { newRequestId } from './request-id.js';
import type { Route } from './route.js';

/** Serves one request from its head to the end of its answer. Never rejects: whatever fails is answered and recorded. */
export async function serveExchange(
  gateway: Gateway,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  resource: string,
): Promise<void> {
  const exchange = begin(gateway, route, request, response, resource);
  const { template, kind } = route;
  const attributes = {
    'http.request.method': route.method,
    'http.route': template,
    'gw.request_id': exchange.requestId,
  };
  if (kind) metrics.inflightRequests.inc({ protocol: kind.protocol });
  const work = (): Promise<void> =>
    inSpan('request', { kind: 'server', subject: `${route.method} ${template}`, attributes }, (span) =>
      serveObserved(gateway, route, exchange, span),
    );
  try {
    await (gateway.trustTraceparent ? continueTrace(traceHeadersOf(request), work) : work());
  } finally {
    if (kind) metrics.inflightRequests.dec({ protocol: kind.protocol });
    leaveWhenSent(gateway, exchange);
  }
}

/** What is still on its way to the client keeps the process from going down under it, as long as the client reads. */
function leaveWhenSent({ exchanges, timings }: Gateway, exchange: Exchange): void {
  const { request, response } = exchange;
  if (response.writableFinished || response.destroyed) return exchanges.leave(exchange);
  response.on('close', () => exchanges.leave(exchange));
  if (response.writableLength === 0) return;
  response.setTimeout(timings.clientStallMs, () => response.destroy());
  // What was asked behind it on the same connection may be silent for as long as it takes.
  response.prependOnceListener('finish', () => request.socket.setTimeout(0));
}

async function serveObserved(gateway: Gateway, route: Route, exchange: Exchange, span: Span): Promise<void> {
  let end: RequestEnd;
  try {
    gateway.exchanges.enter(exchange);
    assertStorable(exchange);
    end = await route.serve(exchange, gateway);
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    if (error.kind === 'internal') gateway.logger.error({ err: thrown, requestId: exchange.requestId }, 'a bug');
    await refuseTold(exchange, error, gateway);
    end = { result: error.kind };
  }
  span.set('http.response.status_code', exchange.response.statusCode);
  span.set('gw.result', end.result);
  observeEnd(exchange, { route: route.template, kind: route.kind }, end, gateway.logger);
}

/** What an address names is looked up in stores, and Postgres has no NUL character in its texts. */
function assertStorable({ request }: Exchange): void {
  if (request.url?.includes('%00'))
    throw new GatewayError('invalid-request', 'The address of the request contains a NUL character (%00).');
}

function begin(
  { timings }: Gateway,
  { dialect }: Route,
  request: IncomingMessage,
  response: ServerResponse,
  resource: string,
): Exchange {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const query = mark < 0 ? '' : url.slice(mark + 1);
  return openExchange({
    requestId: newRequestId(),
    startedAt: Date.now(),
    startedMark: performance.now(),
    deadlineMs: timings.requestDeadlineMs,
    dialect: dialect === 'of-caller' ? dialectOfCaller(hintsOf(request, query)) : dialect,
    path: mark < 0 ? url : url.slice(0, mark),
    query,
    resource,
    request,
    response,
  });
}

/** What a caller shows of itself, for answers whose route does not say the dialect. */
export const hintsOf = ({ headers }: IncomingMessage, query: string) => ({
  anthropicVersion: headers['anthropic-version'] !== undefined,
  googleKey: carriesGoogleKey(headers, query),
});

function traceHeadersOf({ headers }: IncomingMessage): Record<string, string> {
  const { traceparent, tracestate } = headers;
  return {
    ...(typeof traceparent === 'string' && { traceparent }),
    ...(typeof tracestate === 'string' && { tracestate }),
  };
}
