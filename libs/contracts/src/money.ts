import { z } from 'zod';

/** A nano-USD amount: a decimal string on the wire, a `bigint` in memory. */
export const NanoUsd = z.codec(z.string().regex(/^-?\d{1,19}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
});

/** A pico-USD amount, which is a price of one unit or a cost before its one rounding; on the wire as above. */
export const PicoUsd = NanoUsd;
