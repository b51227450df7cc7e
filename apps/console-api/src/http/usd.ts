import { parseUsd } from '@bytespike/kernel';
import { z } from 'zod';

/** A USD amount as operators write it: a decimal string, read exactly. */
export const Usd = z.string().transform((text, context) => {
  try {
    return parseUsd(text);
  } catch {
    context.addIssue('must be a decimal such as "25.00"');
    return z.NEVER;
  }
});
