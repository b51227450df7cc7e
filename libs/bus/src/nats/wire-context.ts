import type { CallContext } from '@bytespike/contracts';
import { traceHeaders } from '@bytespike/telemetry';
import { headers, type Msg, type MsgHdrs } from '@nats-io/nats-core';

const REQUEST_ID = 'Gw-Request-Id';
/** What is left, not when it ends: the clocks of two machines differ. */
const TIMEOUT_MS = 'Gw-Timeout-Ms';
const TRACE = ['traceparent', 'tracestate'] as const;

/** Who calls, for how long, and in which trace: the headers of the message that opens a call. */
export function writeContext(context: Omit<CallContext, 'signal'>): MsgHdrs {
  const wire = headers();
  wire.set(REQUEST_ID, context.requestId);
  wire.set(TIMEOUT_MS, String(Math.max(0, context.deadline - Date.now())));
  for (const [name, value] of Object.entries(traceHeaders())) wire.set(name, value);
  return wire;
}

/** A message without these headers (`nats request` by hand, say) lives as long as its contract allows. */
export function readContext(message: Msg, timeoutMsDefault: number): Omit<CallContext, 'signal'> {
  const wire = message.headers;
  const timeoutMs = Number(wire?.get(TIMEOUT_MS) || timeoutMsDefault);
  return {
    requestId: wire?.get(REQUEST_ID) || `nats-${message.reply ?? 'unknown'}`,
    deadline: Date.now() + (Number.isFinite(timeoutMs) ? timeoutMs : timeoutMsDefault),
  };
}

export function readTrace(message: Msg): Record<string, string> {
  const wire = message.headers;
  const trace: Record<string, string> = {};
  for (const name of TRACE) {
    const value = wire?.get(name);
    if (value) trace[name] = value;
  }
  return trace;
}
