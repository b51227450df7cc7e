import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from '../record/recorder.js';
import { renderControls } from '../renders/render-controls.js';
import type { Controls, Desk } from './desk.js';
import { injectionOf } from './injection.js';
import { collectBytes } from './read-body.js';

const CONTROL_PREFIX = '/_sim/';
const BODY_BYTES_MAX = 64 * 1024;
const EXCHANGES_SHOWN = 200;

export const isControl = (path: string): boolean => path.startsWith(CONTROL_PREFIX);

const CONTROLS: Controls = {
  'GET /_sim/health': () => ({ status: 'ok' }),
  'GET /_sim/faults': ({ faults }) => ({ faults: faults.pending() }),
  'POST /_sim/faults': ({ faults, now }, { body }) => {
    faults.inject(injectionOf(body, now()));
    return { faults: faults.pending() };
  },
  'DELETE /_sim/faults': ({ faults }) => {
    faults.clear();
    return { faults: [] };
  },
  'POST /_sim/release': ({ gates }, { body }) => ({
    released: typeof body.hold === 'string' ? gates.release(body.hold) : gates.releaseAll(),
  }),
  'GET /_sim/requests': ({ recorder }, { query }) => ({
    requests: recorder
      .since(Number(query.get('since') ?? 0), {
        limit: Number(query.get('limit') ?? EXCHANGES_SHOWN),
        containing: query.get('containing') ?? '',
      })
      .map(shown),
  }),
  'DELETE /_sim/requests': ({ recorder }) => {
    recorder.clear();
    return { requests: [] };
  },
  'GET /_sim/violations': ({ violations }) => ({ violations: violations.all() }),
  'DELETE /_sim/violations': ({ violations }) => {
    violations.clear();
    return { violations: [] };
  },
  'GET /_sim/stats': ({ connections, gates, renders }) => ({
    ...connections.snapshot(),
    waiting: gates.waiting(),
    renders: renders.summary(),
  }),
  ...renderControls,
};

/** Serves the endpoints by which tests steer the simulator and look at what it saw. */
export const handleControl = async (desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://sim');
  const bytes = await collectBytes(request, BODY_BYTES_MAX);
  const controls = { ...CONTROLS, ...desk.controls };
  const control = controls[`${request.method ?? 'GET'} ${url.pathname}`];
  if (control === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end(`controls: ${Object.keys(controls).join(', ')}\n`);
    return;
  }
  const body: unknown = bytes === undefined || bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8'));
  const result = control(desk, { query: url.searchParams, body: isRecord(body) ? body : {} });
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const shown = (exchange: Exchange) => ({
  id: exchange.id,
  atMs: exchange.atMs,
  method: exchange.method,
  path: exchange.path,
  headers: headersOf(exchange.rawHeaders),
  rawHeaders: exchange.rawHeaders,
  bodyBase64: exchange.body.toString('base64'),
  status: exchange.status,
  sentBase64: Buffer.concat(exchange.sent).toString('base64'),
  fault: exchange.fault,
  endedAtMs: exchange.endedAtMs,
  closedByPeerAtMs: exchange.closedByPeerAtMs,
});

const headersOf = (rawHeaders: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
      (rawHeaders[2 * index] ?? '').toLowerCase(),
      rawHeaders[2 * index + 1] ?? '',
    ]),
  );
