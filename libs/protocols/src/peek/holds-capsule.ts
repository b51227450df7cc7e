/** How every opaque capsule of ours begins, wherever a client carries it. */
export const CAPSULE_PREFIX = 'gwc1.';

const PREFIX = new TextEncoder().encode(CAPSULE_PREFIX);
const LAST = PREFIX.length - 1;
/** How far the window may move when its last byte is the index: the rule of Horspool's search. */
const SHIFT = new Uint8Array(256).fill(PREFIX.length);
for (let offset = 0; offset < LAST; offset += 1) SHIFT[PREFIX[offset] ?? 0] = LAST - offset;

/** Whether the body carries state that only the gateway can read and no vendor may see. */
export function holdsCapsule(bytes: Uint8Array): boolean {
  for (let at = LAST; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    let offset = LAST;
    while (offset >= 0 && bytes[at - LAST + offset] === PREFIX[offset]) offset -= 1;
    if (offset < 0) return true;
    at += SHIFT[byte] ?? 1;
  }
  return false;
}
