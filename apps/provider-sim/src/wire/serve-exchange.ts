import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultPlan } from '../faults/fault-plan.js';
import { isAccepted } from '../faults/fault-plan.js';
import { spoilReply } from '../faults/spoil.js';
import type { Desk } from './desk.js';
import { deliverFaultily, deliverPlainly, isPrompt } from './deliver.js';
import type { Judged } from './judge-call.js';
import { judgeCall } from './judge-call.js';
import type { Memory } from './memory.js';
import { collectBytes } from './read-body.js';
import type { Match } from './route-table.js';
import { watchCaller } from './watch-caller.js';
import type { Step } from './subject.js';

/** What a running simulator consists of. */
export interface Simulation {
  readonly desk: Desk;
  readonly memory: Memory;
  readonly match: (method: string, path: string) => Match;
  readonly now: () => number;
  /** Faults every answer suffers unless it has its own. */
  readonly habit: FaultPlan | undefined;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;

const bytesMaxOf = (found: Match): number =>
  Math.max(BODY_BYTES_MAX, found.type === 'route' ? (found.route.bodyBytesMax ?? 0) : 0);

/** Serves one request to one vendor: read, judge, spoil, deliver. */
export const serveExchange = async (
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { desk, memory, now } = simulation;
  const { method = 'GET', url: target = '/', rawHeaders } = request;
  const [path = '/', search = ''] = splitOnce(target, '?');
  desk.connections.request();
  const exchange = desk.recorder.begin({ method, path: target, rawHeaders, atMs: now() });
  const caller = watchCaller(response, { exchange, connections: desk.connections, now });
  const found = simulation.match(method, path);
  const body = await collectBytes(request, bytesMaxOf(found));
  desk.recorder.received(exchange, body ?? Buffer.alloc(0));

  if (found.type === 'no-wire') {
    response.writeHead(404, { 'content-type': 'text/plain' }).end(`no vendor lives at ${path}\n`);
    return;
  }
  const query = new URLSearchParams(search);
  const judged = judgeCall(found, { request, path, query, body, nowMs: now() }, memory);
  if (judged.violation !== undefined)
    desk.violations.note({ exchangeId: exchange.id, path: target, what: judged.violation });
  const step = found.type === 'route' ? found.route.step : undefined;
  const plan = planFor(simulation, request, { ...judged, vendor: found.wire.vendor, step }) ?? simulation.habit;
  const sent = (bytes: string | Buffer): void => desk.recorder.sent(exchange, bytes);
  exchange.status = judged.reply.status;
  if (plan === undefined || isAccepted(plan)) judged.reply.accept?.();
  if (plan === undefined && isPrompt(judged.reply)) return deliverPlainly(judged.reply, response, sent);

  const reply = spoilReply(judged.reply, plan ?? {}, { wire: found.wire, requestId: judged.requestId });
  exchange.status = reply.status;
  if (plan !== undefined) exchange.fault = JSON.stringify(plan);
  if (reply.type === 'stream') {
    desk.connections.streamOpened();
    response.once('close', desk.connections.streamClosed);
  }
  return deliverFaultily(reply, { response, plan: plan ?? {}, gates: desk.gates, sent, ...caller });
};

const splitOnce = (text: string, separator: string): readonly string[] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

const planFor = (
  { desk, now }: Simulation,
  request: IncomingMessage,
  { reply, key, vendor, step }: Judged & { vendor: string; step: Step | undefined },
): FaultPlan | undefined => {
  const header = request.headers['x-sim-fault'];
  return desk.faults.planFor({
    vendor,
    key,
    header: typeof header === 'string' ? header : undefined,
    subject: reply.subject,
    method: request.method ?? 'GET',
    step,
    nowMs: now(),
  });
};
