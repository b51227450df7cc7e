/**
 * How a gateway's own sealed state begins when it is handed to a client for safe-keeping, plain and in base64: an
 * opaque text, a dot, and more of it. Prose that merely mentions the prefix is not meant.
 */
const CAPSULE = /gwc1\.[\w-]{16}|Z3djMS[45][\w+/-]{16}/;
/** Looked for first: a search for bytes is quick even through pictures of hundreds of megabytes. */
const BEGINNINGS = ['gwc1.', 'Z3djMS'];

/** Whether a body carries a gateway's capsule, which is nobody's business but the gateway's: no vendor can read it. */
export const holdsForeignCapsule = (raw: Buffer): boolean =>
  BEGINNINGS.some((beginning) => raw.includes(beginning)) && CAPSULE.test(raw.toString('latin1'));
