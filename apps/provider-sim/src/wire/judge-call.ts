import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { answerCall, parseBody } from './answer-call.js';
import { holdsForeignCapsule } from './foreign-capsule.js';
import { decodeBody } from './read-body.js';
import type { Match } from './route-table.js';
import type { Call, Failure, Reply } from './wire.js';

export interface Incoming {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer | undefined;
  readonly nowMs: number;
}

export interface Judged {
  readonly reply: Reply;
  readonly key: string | undefined;
  readonly requestId: string;
  /** What the caller sent and must never send to a vendor. */
  readonly violation?: string;
}

const CAPSULE_SENT = "The request carries a gateway's sealed state.";

/** The whole of a vendor's judgement: route, key, size, encoding, and then the wire itself. */
export const judgeCall = (
  found: Exclude<Match, { type: 'no-wire' }>,
  incoming: Incoming,
  memory: Call['memory'],
): Judged => {
  const { request, query, nowMs } = incoming;
  const { wire } = found;
  const bytes = incoming.body ?? Buffer.alloc(0);
  const digest = hash('sha256', bytes, 'hex');
  const refuse = (failure: Failure): Judged => ({
    reply: wire.renderFailure(failure, digest),
    key: undefined,
    requestId: digest,
  });
  const authentication = wire.authenticate({ headers: request.headers, query });
  if ('failure' in authentication) return refuse(authentication.failure);
  if (found.type === 'no-route') return refuse({ status: 404, reason: 'no-route', message: incoming.path });
  const bytesMax = found.route.bodyBytesMax ?? wire.bodyBytesMax;
  if (bytes.length > bytesMax || incoming.body === undefined) return refuse({ status: 413, reason: 'too-large' });
  const decoded = decodeBody(bytes, request.headers['content-encoding'], bytesMax);
  if ('failure' in decoded) return refuse(decoded.failure);
  if (holdsForeignCapsule(decoded.raw))
    return { ...refuse({ status: 400, message: CAPSULE_SENT }), violation: CAPSULE_SENT };
  const call: Call = {
    vendor: wire.vendor,
    params: found.params,
    query,
    headers: request.headers,
    raw: decoded.raw,
    json: () => parseBody(decoded.raw),
    key: authentication.key,
    digest,
    nowMs,
    memory,
  };
  return { reply: answerCall(wire, found.route, call), key: authentication.key, requestId: digest };
};
