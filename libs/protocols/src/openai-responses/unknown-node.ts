import { z } from 'zod';

/** A node of a kind this gateway has not met. A known kind with a wrong shape is not one: it is refused. */
export const unknownNode = (known: readonly string[]) =>
  z.looseObject({
    type: z.string().refine((type) => !known.includes(type), { error: 'a known type with a wrong shape', abort: true }),
  });
