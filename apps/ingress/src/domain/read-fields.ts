import { GatewayError, parseUsd, type JsonValue } from '@bytespike/kernel';
import { z } from 'zod';

/** A USD amount as customers write it: a number or a decimal string; exact either way. */
export const UsdField = z
  .union([z.string(), z.number()], 'must be an amount in USD, such as 25 or "25.00"')
  .transform((amount, context) => {
    try {
      const nano = parseUsd(String(amount));
      if (nano >= 0n) return nano;
    } catch (cause) {
      context.addIssue(`is not an amount: ${cause instanceof Error ? cause.message : ''}`);
      return z.NEVER;
    }
    context.addIssue('must not be negative');
    return z.NEVER;
  });

/** The fields of a body of the account surface, or `invalid-request` naming every one that is wrong. */
export function readFields<S extends z.ZodType>(schema: S, body: JsonValue): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new GatewayError('invalid-request', problems.join('; '));
}
