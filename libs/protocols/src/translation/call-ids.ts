import type { GenerateRequest, StreamEvent } from '@bytespike/ir';

import { decodeBase64Url, encodeBase64Url } from '../base64url.js';
import type { NameRule } from '../protocol.js';
import type { Renaming } from './rename.js';
import { accepts } from './tool-names.js';

/**
 * Ids of tool calls, where a vendor's will not do for the client: a charset it refuses, or an id the conversation
 * has used before (some vendors restart at `call_0`). The id given instead holds the vendor's own and the call's
 * number in the conversation, so it is unique, and it is undone without remembering anything.
 */
const GIVEN = /^gwid-\d+-([A-Za-z0-9_-]+)$/;

const vendorId = (id: string): string | undefined => {
  const encoded = GIVEN.exec(id)?.[1];
  return encoded === undefined ? undefined : decodeBase64Url(encoded);
};

const callIds = (request: GenerateRequest): readonly string[] =>
  request.turns.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])));

/** The vendor's own ids put back, where that does not make two calls of the conversation one. */
export function vendorCallIds(request: GenerateRequest, rule: NameRule): Renaming {
  const ids = callIds(request);
  const wanted = ids.map((id) => vendorId(id) ?? id);
  const uses = new Map<string, number>();
  for (const id of wanted) uses.set(id, (uses.get(id) ?? 0) + 1);
  const there = new Map<string, string>();
  ids.forEach((id, index) => {
    const own = wanted[index] ?? id;
    const unique = uses.get(own) === 1;
    if (own !== id && unique && accepts(rule, own)) there.set(id, own);
    else if (!accepts(rule, id)) there.set(id, `call_${index}`);
  });
  return { there, back: new Map() };
}

/** Gives every new call of an answer an id that the client accepts and has not seen in this conversation. */
export function clientCallIds(request: GenerateRequest, rule: NameRule): (event: StreamEvent) => StreamEvent {
  const used = new Set(callIds(request).flatMap((id) => [id, vendorId(id) ?? id]));
  let calls = callIds(request).length;
  return (event) => {
    if (event.type !== 'part-start' || event.part.type !== 'tool-call') return event;
    const { id } = event.part;
    const number = calls;
    calls += 1;
    const fits = accepts(rule, id) && !used.has(id);
    used.add(id);
    if (fits) return event;
    return { ...event, part: { ...event.part, id: `gwid-${number}-${encodeBase64Url(id)}` } };
  };
}
