import { z } from 'zod';

export const translatorEnv = z.object({
  KEY_PEPPER: z
    .string()
    .min(16)
    .describe('HMAC secret of the platform; capsules are signed under a key derived from it'),
});
