import { GatewayError } from '@bytespike/kernel';
import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';

/** Parses a body against its schema; the schema is the type. */
export class BodyPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  constructor(private readonly schema: S) {}

  transform(body: unknown): z.output<S> {
    const result = this.schema.safeParse(body);
    if (result.success) return result.data;
    const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
    throw new GatewayError('invalid-request', problems.join('; '));
  }
}
