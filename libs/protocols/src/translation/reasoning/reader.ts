import type { ProtocolName } from '@bytespike/kernel';
import type { Capsule } from '@bytespike/ir';

/** Who is to read the state of a conversation: state of another vendor, wire or account is never shown to them. */
export interface Reader {
  readonly protocol: ProtocolName;
  readonly vendor: string;
  readonly channel?: string;
}

/**
 * Whether state from a vendor may go back to this one. Signed and encrypted state binds to the wire that carried it and
 * to the vendor's account, which is the channel's; reasoning in plain text is the vendor's on any wire of its own.
 */
export function mayRead(reader: Reader, { origin, kind }: Capsule, channel: string | undefined): boolean {
  if (origin.vendor !== undefined && origin.vendor !== reader.vendor) return false;
  if (kind === 'plain-reasoning') return origin.vendor !== undefined || origin.protocol === reader.protocol;
  return origin.protocol === reader.protocol && isSame(channel, reader.channel);
}

/** Where an account is not known, nothing speaks against it. */
const isSame = (channel: string | undefined, readers: string | undefined): boolean =>
  channel === undefined || readers === undefined || channel === readers;
