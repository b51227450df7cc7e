import { CAPSULE_PREFIX } from '@bytespike/protocols';

/**
 * Whether a body carries state that only the gateway can read and no vendor may see. Every byte of every body is looked
 * at for it, so the engine's own search does that: it reads a large body six times faster than a loop.
 */
export const holdsCapsule = ({ buffer, byteOffset, length }: Uint8Array): boolean =>
  Buffer.from(buffer, byteOffset, length).includes(CAPSULE_PREFIX, 0, 'latin1');
