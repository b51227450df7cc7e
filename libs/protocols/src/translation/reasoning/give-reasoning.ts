import type { ProtocolName } from '@bytespike/kernel';
import type { Capsule, StreamEvent } from '@bytespike/ir';

import type { ReasoningState } from '../../protocol.js';
import { sealCapsule, type CapsuleSigner } from './capsules.js';
import type { Reader } from './reader.js';

/** How a client is given a vendor's reasoning. */
export interface Giving extends Pick<ReasoningState, 'sealed'> {
  readonly client: ProtocolName;
  readonly amount: 'all' | 'state' | 'nothing';
  /** Whether the client's own protocol and its owner are at work: their state is native to the client. */
  readonly native: 'native' | 'foreign';
  /** The vendor, which alone may read its state again. */
  readonly reader: Reader;
  readonly signer: CapsuleSigner;
}

type PartEvent = Extract<StreamEvent, { readonly index: number }>;
type PartStart = Extract<StreamEvent, { type: 'part-start' }>;

/** Reads one answer: its reasoning as the client asked for it, its foreign state sealed, its parts numbered anew. */
export function openGiving(giving: Giving): (event: StreamEvent) => readonly StreamEvent[] {
  const numbers = new Map<number, number>();
  const kinds = new Map<number, 'shown' | 'hidden'>();
  const withheld = new Map<number, Capsule[]>();
  let next = 0;

  const number = (index: number): number => {
    const given = numbers.get(index) ?? next++;
    numbers.set(index, given);
    return given;
  };
  const start = (event: PartStart): readonly StreamEvent[] => {
    const { part, index } = event;
    if (part.type !== 'reasoning') return [{ ...event, index: number(index) }];
    const shown = part.visibility === 'redacted' ? 'hidden' : 'shown';
    kinds.set(index, shown);
    if (giving.amount === 'nothing' || (giving.amount === 'state' && shown === 'shown')) {
      withheld.set(index, []);
      return [];
    }
    return [{ ...event, index: number(index) }];
  };
  const withhold = (event: PartEvent, capsules: Capsule[]): readonly StreamEvent[] => {
    if (event.type === 'capsule') capsules.push(event.capsule);
    if (event.type !== 'part-end') return [];
    withheld.delete(event.index);
    const state = capsules.filter(({ kind }) => kind !== 'plain-reasoning');
    if (giving.amount === 'nothing' || state.length === 0) return [];
    const index = number(event.index);
    return [
      { type: 'part-start', index, part: { type: 'reasoning', visibility: 'redacted' } },
      ...state.map((capsule) => ({ type: 'capsule', index, capsule: sealed(capsule, 'hidden', giving) }) as const),
      { type: 'part-end', index },
    ];
  };

  return (event) => {
    if (!('index' in event)) return [event];
    const capsules = withheld.get(event.index);
    if (capsules) return withhold(event, capsules);
    if (event.type === 'part-start') return start(event);
    const index = number(event.index);
    if (event.type !== 'capsule') return [index === event.index ? event : { ...event, index }];
    const slot = kinds.get(event.index) ?? 'hidden';
    return [{ ...event, index, capsule: sealed(event.capsule, slot, giving) }];
  };
}

/** The vendor's state as the client hands it back untouched: its own native state as it is, any other sealed. */
function sealed(capsule: Capsule, slot: 'shown' | 'hidden', giving: Giving): Capsule {
  const { client, reader, signer } = giving;
  const own = capsule.origin.protocol === client;
  // Thoughts in plain text are their own state where the client speaks the vendor's wire; but not where the wire's owner
  // signs them: it refuses the history of a client that has changed to it (T41).
  const plain = capsule.kind === 'plain-reasoning' && giving.sealed.shown !== 'signature';
  if (own && (giving.native === 'native' || plain)) return capsule;
  const { vendor, channel } = reader;
  const held = {
    capsule: { ...capsule, origin: { ...capsule.origin, vendor } },
    ...(channel !== undefined && { channel }),
  };
  return { origin: { protocol: client }, kind: giving.sealed[slot], data: sealCapsule(held, signer) };
}
