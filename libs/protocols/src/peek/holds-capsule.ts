/** How every opaque capsule of ours begins, wherever a client carries it. */
export const CAPSULE_PREFIX = 'gwc1.';

const PREFIX = new TextEncoder().encode(CAPSULE_PREFIX);
const LAST = PREFIX.length - 1;
const FINAL = PREFIX[LAST] as number;
/** How far the window may move by the byte under its end: the rule of Horspool's search. */
const SHIFT = new Uint8Array(256).fill(PREFIX.length);
for (let offset = 0; offset < LAST; offset += 1) SHIFT[PREFIX[offset] as number] = LAST - offset;

/** Whether the body carries state that only the gateway can read and no vendor may see. */
export function holdsCapsule(bytes: Uint8Array): boolean {
  const end = bytes.length;
  for (let at = LAST; at < end;) {
    const byte = bytes[at] as number;
    if (byte === FINAL && endsWithPrefix(bytes, at)) return true;
    at += SHIFT[byte] as number;
  }
  return false;
}

function endsWithPrefix(bytes: Uint8Array, at: number): boolean {
  for (let offset = 0; offset < LAST; offset += 1) if (bytes[at - LAST + offset] !== PREFIX[offset]) return false;
  return true;
}
