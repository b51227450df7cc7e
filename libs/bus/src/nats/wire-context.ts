import type { CallContext } from '@bytespike/contracts';
import { traceHeaders } from '@bytespike/telemetry';
import type { Msg, MsgHdrs } from '@nats-io/nats-core';
import { MsgHdrsImpl } from '@nats-io/nats-core/internal';

/**
 * `<what is left, ms> <traceparent or -> <request id>`, in one header: each costs the client more to write and to read
 * than everything else about a small message. What is left, not when it ends: the clocks of two machines differ.
 */
const CALL = 'Gw-Call';
const NO_TRACE = '-';
const TRACE_STATE = 'tracestate';

/** Who calls, for how long, and in which trace. */
export interface WireContext {
  readonly caller: Omit<CallContext, 'signal'>;
  /** W3C headers; empty outside a trace. */
  readonly trace: Record<string, string>;
}

/** The headers of the message that opens a call. */
export function writeContext({ requestId, deadline }: Omit<CallContext, 'signal'>): MsgHdrs {
  const { traceparent = NO_TRACE, tracestate } = traceHeaders();
  const call = `${Math.max(0, deadline - Date.now())} ${traceparent} ${requestId}`;
  const wire = new MsgHdrsImpl();
  // Its own `set` looks for the same name in other spellings, letter by letter, and there is nothing in here yet.
  wire.headers.set(CALL, [MsgHdrsImpl.validHeaderValue(call)]);
  if (tracestate !== undefined) wire.set(TRACE_STATE, tracestate);
  return wire;
}

const CALL_FORM = /^(\S+) (\S+) (.+)$/;

/** A message without these headers (`nats request` by hand, say) lives as long as its contract allows. */
export function readContext(message: Msg, timeoutMsDefault: number): WireContext {
  const wire = message.headers;
  const [, leftMs, traceparent, requestId] = CALL_FORM.exec(wire?.get(CALL) ?? '') ?? [];
  const timeoutMs = Number(leftMs);
  const caller = {
    requestId: requestId ?? `nats-${message.reply ?? 'unknown'}`,
    deadline: Date.now() + (Number.isFinite(timeoutMs) ? timeoutMs : timeoutMsDefault),
  };
  if (traceparent === undefined || traceparent === NO_TRACE) return { caller, trace: {} };
  // A trace that nobody records, as nearly all are, has no state.
  const tracestate = traceparent.endsWith('-00') ? undefined : wire?.get(TRACE_STATE);
  return { caller, trace: tracestate ? { traceparent, tracestate } : { traceparent } };
}
