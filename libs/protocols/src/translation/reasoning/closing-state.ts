import type { Loss, StreamEvent } from '@bytespike/ir';

import type { ReasoningState } from '../../protocol.js';

/** Reads one answer, and tells at its end what of it was left out. */
export interface ClosingState {
  take(event: StreamEvent): readonly StreamEvent[];
  losses(): readonly Loss[];
}

/**
 * Leaves out state that stands behind a text when nothing follows it, for clients that take what stands last for the
 * answer. It waits until the next part begins, so state of a call that follows a text is given as ever. Vendors ask for
 * the state of their calls; that of a text they only recommend (protocols 2.6).
 */
export function leaveOutClosingState(behindText: ReasoningState['behindText']): ClosingState {
  if (behindText === 'given') return { take: (event) => [event], losses: () => [] };
  const waiting = new Set<number>();
  let held: StreamEvent[] = [];
  let said = false;

  const release = (): readonly StreamEvent[] => {
    const released = held;
    held = [];
    waiting.clear();
    return released;
  };
  return {
    take(event) {
      if (!('index' in event)) return [event];
      const begins = event.type === 'part-start' || event.type === 'part-whole';
      if (begins && said && event.part.type === 'reasoning' && event.part.visibility === 'redacted')
        waiting.add(event.index);
      if (waiting.has(event.index)) {
        held.push(event);
        return [];
      }
      if (begins && event.part.type === 'text') said = true;
      return begins ? [...release(), event] : [event];
    },
    losses: () => [...waiting].map((index) => ({ code: 'L40', path: `parts.${index}`, effect: 'dropped' }) as const),
  };
}
