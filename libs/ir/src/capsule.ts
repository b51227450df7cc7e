import type { ProtocolName } from '@bytespike/kernel';

/**
 * Opaque state a model needs back on the next turn, typed by where it came from and never by the slot it
 * travelled in. One vendor's state is never shown to another.
 */
export interface Capsule {
  readonly origin: CapsuleOrigin;
  readonly kind: CapsuleKind;
  /** Byte for byte what the origin gave; empty for `plain-reasoning`, whose text is the part's own. */
  readonly data: string;
  /** The origin's own name of the item that held it, where a replay has to repeat it. */
  readonly itemId?: string;
}

/** Who made a piece of opaque state, as far as is known. */
export interface CapsuleOrigin {
  readonly protocol: ProtocolName;
  /** Absent where the wire alone cannot say: any vendor of that protocol may have made it. */
  readonly vendor?: string;
}

/** Two kinds of thought signature: what belongs to a call stands before it, what belongs to a text behind it. */
export type CapsuleKind =
  'signature' | 'redacted' | 'encrypted-content' | 'thought-signature' | 'text-signature' | 'plain-reasoning' | 'phase';
