import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createFaultDesk } from '../faults/fault-desk.js';
import { UnknownFault } from '../faults/fault-plan.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import { createGates } from '../faults/gates.js';
import { spoilReply } from '../faults/spoil.js';
import { createConnections } from '../record/connections.js';
import type { Exchange } from '../record/recorder.js';
import { createRecorder } from '../record/recorder.js';
import { handleControl, isControl } from './control.js';
import type { Desk } from './control.js';
import type { Delivery } from './deliver.js';
import { deliverFaultily, deliverPlainly } from './deliver.js';
import { createMemory } from './create-memory.js';
import { collectBytes } from './read-body.js';
import { createRouteTable } from './route-table.js';
import { judgeCall } from './judge-call.js';
import type { Wire } from './wire.js';

export interface SimulatorOptions {
  readonly wires: readonly Wire[];
  readonly record: 'all' | 'none';
  readonly now: () => number;
  /** Faults every answer suffers unless it has its own (a drip makes a demonstration look alive). */
  readonly habit?: FaultPlan;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;
const HEADER_BYTES_MAX = 128 * 1024;

/** Builds the HTTP server that is all the vendors at once; the caller listens and closes. */
export const createSimulator = (options: SimulatorOptions): Server => {
  const desk: Desk = {
    faults: createFaultDesk(),
    gates: createGates(),
    recorder: createRecorder({ keep: options.record }),
    connections: createConnections(),
  };
  const memory = createMemory();
  const match = createRouteTable(options.wires);

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = request.url ?? '/';
    const mark = target.indexOf('?');
    const path = mark < 0 ? target : target.slice(0, mark);
    if (isControl(path)) return handleControl(desk, request, response);
    desk.connections.request();
    const { method = 'GET', rawHeaders } = request;
    const exchange = desk.recorder.begin({ method, path: target, rawHeaders, atMs: options.now() });
    const watched = watchCaller(response, desk, { exchange, now: options.now });
    const body = await collectBytes(request, BODY_BYTES_MAX);
    desk.recorder.received(exchange, body ?? Buffer.alloc(0));
    const found = match(method, path);
    if (found.type === 'no-wire') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end(`no vendor lives at ${path}\n`);
      return;
    }
    const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
    const call = { request, path, query, body, nowMs: options.now() };
    const { reply, key, requestId } = judgeCall(found, call, memory);
    const plan =
      desk.faults.planFor({
        vendor: found.wire.vendor,
        key,
        header: headerOf(request, 'x-sim-fault'),
        subject: reply.subject,
        method,
      }) ?? options.habit;
    const sent = (bytes: string | Buffer): void => desk.recorder.sent(exchange, bytes);
    exchange.status = plan?.status ?? reply.status;
    if (plan === undefined) return deliverPlainly(reply, response, sent);
    exchange.fault = JSON.stringify(plan);
    const spoilt = spoilReply(reply, plan, { wire: found.wire, requestId });
    if (spoilt.type === 'stream') {
      desk.connections.streamOpened();
      response.once('close', desk.connections.streamClosed);
    }
    return deliverFaultily(spoilt, { response, plan, gates: desk.gates, sent, ...watched });
  };

  const server = createServer(
    { maxHeaderSize: HEADER_BYTES_MAX, keepAliveTimeout: 75_000, noDelay: true },
    (request, response) => {
      serve(request, response).catch((error: unknown) => explain(response, error));
    },
  );
  server.on('connection', (socket) => {
    desk.connections.opened();
    socket.once('close', desk.connections.closed);
    socket.on('error', () => socket.destroy());
  });
  server.on('close', () => desk.gates.releaseAll());
  return server;
};

/** One reason for all: making an exception with its stack for every finished exchange is the dearest thing here. */
const GONE = new Error('the exchange is over');

/** Notices the end of an exchange, and whether it was the caller who ended it. */
const watchCaller = (
  response: ServerResponse,
  desk: Desk,
  { exchange, now }: { exchange: Exchange; now: () => number },
): Watched => {
  const gone = new AbortController();
  let hungUpBySimulator = false;
  response.once('close', () => {
    exchange.endedAtMs = now();
    if (!response.writableFinished && !hungUpBySimulator) {
      exchange.closedByPeerAtMs = exchange.endedAtMs;
      desk.connections.closedByPeer(exchange.endedAtMs);
    }
    gone.abort(GONE);
  });
  return {
    gone: gone.signal,
    hangingUp: () => {
      hungUpBySimulator = true;
    },
  };
};

type Watched = Pick<Delivery, 'gone' | 'hangingUp'>;

const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** A fault that does not exist, or a mistake of the simulator's own, is told to the developer in plain words. */
const explain = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof UnknownFault ? 400 : 500;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  response.writeHead(status, { 'content-type': 'text/plain', 'x-sim-error': 'yes' }).end(`provider-sim: ${text}\n`);
};
