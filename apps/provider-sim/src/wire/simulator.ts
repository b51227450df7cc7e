import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createFaultDesk } from '../faults/fault-desk.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import { UnknownFault } from '../faults/unknown-fault.js';
import { createGates } from '../faults/gates.js';
import { createConnections } from '../record/connections.js';
import { createRecorder } from '../record/recorder.js';
import { createViolations } from '../record/violations.js';
import { handleControl, isControl } from './control.js';
import type { Controls, Desk } from './desk.js';
import { answerOperators } from './operators-door.js';
import { createMemory } from './create-memory.js';
import { createRouteTable } from './route-table.js';
import { serveExchange } from './serve-exchange.js';
import type { Wire } from './wire.js';

export interface SimulatorOptions {
  readonly wires: readonly Wire[];
  readonly record: 'all' | 'none';
  readonly now: () => number;
  /** Faults every answer suffers unless it has its own (a drip makes a demonstration look alive). */
  readonly habit?: FaultPlan;
  /** Further control endpoints, of what is simulated beside the vendors. */
  readonly controls?: Controls;
}

const HEADER_BYTES_MAX = 128 * 1024;
const KEEP_ALIVE_MS = 75_000;

/** Builds the HTTP server that is all the vendors at once; the caller listens and closes. */
export const createSimulator = ({ wires, record, now, habit, controls = {} }: SimulatorOptions): Server => {
  const gates = createGates();
  const memory = createMemory({ gates, now });
  const desk: Desk = {
    faults: createFaultDesk(),
    gates,
    renders: memory.renders,
    now,
    recorder: createRecorder({ keep: record }),
    violations: createViolations(),
    connections: createConnections(),
    controls,
  };
  const simulation = { desk, memory, match: createRouteTable(wires), now, habit };
  const server = createServer(
    { maxHeaderSize: HEADER_BYTES_MAX, keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true },
    (request, response) => {
      const path = request.url ?? '/';
      if (answerOperators(path.split('?')[0] ?? path, response, desk, server.listening)) return;
      const serving = isControl(path)
        ? handleControl(desk, request, response)
        : serveExchange(simulation, request, response);
      serving.catch((error: unknown) => explain(response, error));
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
