import { given } from '../given.js';
import { restOf, type OpenItem, type Told } from './open-item.js';
import { argumentsOf, isCut } from './output-to-ir.js';
import type { WireOutputItem } from './schema-events.js';

const CALLS: readonly string[] = ['function_call', 'custom_tool_call'];
export const isCall = ({ type }: Pick<OpenItem, 'type'>): boolean => CALLS.includes(type);

/** Begins the part of a call as soon as it has a name; until then its arguments are kept. */
export function beginCall(item: OpenItem, next: number): Told {
  if (item.index !== undefined || item.name === '' || !item.callId) return { item, next, events: [] };
  const { name, namespace, callId: id, text } = item;
  const kind = item.type === 'custom_tool_call' ? 'custom' : 'function';
  return {
    item: { ...item, index: next },
    next: next + 1,
    events: [
      { type: 'part-start', index: next, part: { type: 'tool-call', id, name, kind, ...given({ namespace }) } },
      ...(text === '' ? [] : [{ type: 'arguments-delta', index: next, text } as const]),
    ],
  };
}

export function growCall(item: OpenItem, next: number, delta: string): Told {
  const grown = { ...item, text: item.text + delta };
  const { index } = item;
  const events = index === undefined || delta === '' ? [] : [{ type: 'arguments-delta', index, text: delta } as const];
  return { item: grown, next, events };
}

/** Ends a call with what its deltas left out of its arguments. One without any may have been cut before the first. */
export function endCall(item: OpenItem, next: number, whole: WireOutputItem | undefined): Told {
  const grown = growCall(item, next, whole ? restOf(argumentsOf(whole), item.text) : '');
  const begun = beginCall(grown.item, next);
  const { index, text, type } = begun.item;
  if (text === '' && type === 'function_call' && !isCut(whole))
    return { ...begun, item: { ...begun.item, isBare: true }, events: [...grown.events, ...begun.events] };
  const end = index === undefined ? [] : [{ type: 'part-end', index } as const];
  return { ...begun, events: [...grown.events, ...begun.events, ...end] };
}

/** Ends a call that came without arguments, with what they are. */
export function endBareCall(item: OpenItem, text: '{}' | ''): Pick<Told, 'item' | 'events'> {
  const { index } = item;
  const ended = { ...item, text, isBare: false };
  if (index === undefined) return { item: ended, events: [] };
  const told = text === '' ? [] : [{ type: 'arguments-delta', index, text } as const];
  return { item: ended, events: [...told, { type: 'part-end', index }] };
}
