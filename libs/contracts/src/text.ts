import { z } from 'zod';

/** Text that is kept. Postgres has no NUL character: it would refuse the row, which looks like a bug of ours. */
export const StoredText = z.string().refine((text) => !text.includes('\0'), 'must not contain a NUL character');
