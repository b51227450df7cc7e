import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The only reader of the process's environment: parses it once against a schema and fails with the whole list of
 * problems. Values are never printed, because some of them are secrets.
 */
export function readEnv<S extends z.ZodObject>(schema: S, environment: Environment): z.output<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new EnvironmentError(`the environment is not usable:\n${[...new Set(problems)].join('\n')}`);
}

/** A configuration the process cannot start with; its message is for the operator and holds no values. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}
