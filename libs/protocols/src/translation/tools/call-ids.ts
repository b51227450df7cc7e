import type { GenerateRequest, Part, StreamEvent, Turn } from '@bytespike/ir';

import { decodeBase64Url, encodeBase64Url } from '../../base64url.js';
import type { NameRule } from '../../protocol.js';
import { accepts, fingerprint } from './given-name.js';

/**
 * Ids of tool calls, where a vendor's will not do for the client: a charset it refuses, or an id the conversation
 * has used before (some vendors restart at `call_0`). The id given instead holds the vendor's own and the call's
 * number in the conversation, so it is unique, and it is undone without remembering anything.
 */
const GIVEN = /^gwid-\d+-([A-Za-z0-9_-]+)$/;

const vendorId = (id: string): string => {
  const encoded = GIVEN.exec(id)?.[1];
  return (encoded === undefined ? undefined : decodeBase64Url(encoded)) ?? id;
};

/**
 * The request with ids the target accepts, each used once. The vendor's own are put back; of two alike the first keeps
 * its id. Every id depends on what stands before it alone, so a longer conversation is rendered as one that goes on.
 */
export function withVendorIds(request: GenerateRequest, rule: NameRule): GenerateRequest {
  const used = new Set<string>();
  /** What the latest call of each id is named now: a result answers the nearest call before it. */
  const latest = new Map<string, string>();
  let calls = 0;
  const nameCall = (id: string): string => {
    const wanted = vendorId(id);
    const number = calls;
    calls += 1;
    const given = accepts(rule, wanted) && !used.has(wanted) ? wanted : numbered(number, used);
    used.add(given);
    latest.set(id, given);
    return given;
  };
  const rename = (part: Part): Part => {
    if (part.type === 'tool-call') return withId(part, nameCall(part.id));
    return part.type === 'tool-result' ? withCallId(part, latest.get(part.callId) ?? part.callId) : part;
  };
  const turns = request.turns.map((turn): Turn => {
    const parts = turn.parts.map(rename);
    if (parts.every((part, at) => part === turn.parts[at])) return turn;
    const { raw: _raw, ...rest } = turn;
    return { ...rest, parts };
  });
  return turns.every((turn, at) => turn === request.turns[at]) ? request : { ...request, turns };
}

function numbered(number: number, used: ReadonlySet<string>): string {
  let id = `call_${number}`;
  while (used.has(id)) id = `${id}x`;
  return id;
}

function withId(part: Extract<Part, { type: 'tool-call' }>, id: string): Part {
  if (id === part.id) return part;
  const { raw: _raw, ...rest } = part;
  return { ...rest, id };
}

function withCallId(part: Extract<Part, { type: 'tool-result' }>, callId: string): Part {
  if (callId === part.callId) return part;
  const { raw: _raw, ...rest } = part;
  return { ...rest, callId };
}

/** Gives every new call of an answer an id that the client accepts and has not seen in this conversation. */
export function clientCallIds(request: GenerateRequest, rule: NameRule): (event: StreamEvent) => StreamEvent {
  const ids = request.turns.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])),
  );
  const used = new Set(ids.flatMap((id) => [id, vendorId(id)]));
  let calls = ids.length;
  return (event) => {
    if (event.type !== 'part-start' || event.part.type !== 'tool-call') return event;
    const { id } = event.part;
    const number = calls;
    calls += 1;
    const fits = accepts(rule, id) && !used.has(id);
    used.add(id);
    if (fits) return event;
    const reversible = `gwid-${number}-${encodeBase64Url(id)}`;
    // An id too long to be carried is not undone: the vendor gets ours in the call and in its result.
    const given = reversible.length <= rule.lengthMax ? reversible : `gwid_${number}_${fingerprint(id)}`;
    return { ...event, part: { ...event.part, id: given } };
  };
}
