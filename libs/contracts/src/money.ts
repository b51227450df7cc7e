import { z } from 'zod';

/** A nano-USD amount: a decimal string on the wire, a `bigint` in memory. */
export const NanoUsd = z.codec(z.string().regex(/^-?\d{1,19}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
});
