import type { StreamEvent } from '@bytespike/ir';

import { endCall, isCall } from './decode-call.js';
import { endMessage } from './decode-message.js';
import { endReasoning } from './decode-reasoning.js';
import type { OpenItem, Told } from './open-item.js';
import { outputItemToIr } from './output-to-ir.js';
import type { WireOutputItem } from './schema-events.js';
import { withoutRaw } from './to-ir.js';

/** Ends an item with what is told of it whole: state, and whatever its deltas left out. */
export function endItem(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
  if (item.isDone) return { item, next, events: [] };
  const known = whole ? { ...item, ...identityOf(item, whole) } : item;
  const told = endBody(known, next, whole);
  return { ...told, item: { ...told.item, isDone: true } };
}

const identityOf = (item: OpenItem, whole: WireOutputItem) => ({
  name: item.name || (whole.name ?? ''),
  callId: item.callId ?? whole.call_id ?? whole.id ?? undefined,
  namespace: item.namespace ?? whole.namespace ?? undefined,
  phase: item.phase ?? whole.phase ?? undefined,
  id: item.id ?? whole.id ?? undefined,
});

function endBody(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
  if (item.type === 'message') return endMessage(item, next, whole);
  if (item.type === 'reasoning') return endReasoning(item, next, whole);
  if (isCall(item)) return endCall(item, next, whole);
  if (!whole) return { item, next, events: [] };
  const parts = outputItemToIr(whole).map(withoutRaw);
  const events = parts.flatMap((part, offset): readonly StreamEvent[] =>
    part.type === 'server-tool-call' ||
    part.type === 'server-tool-result' ||
    part.type === 'media' ||
    part.type === 'opaque'
      ? [{ type: 'part-whole', index: next + offset, part }]
      : [],
  );
  return { item, next: next + events.length, events };
}
