import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const isTypeMismatch = (issues: readonly Issue[]): boolean => issues.every(({ path }) => path.at(-1) === 'type');

/**
 * The first thing wrong with a value, as deep as it can be told. A value that fits no branch of a union is judged by
 * the branch it was meant for: the one whose `type` it has.
 */
export function describeIssue(
  issues: readonly Issue[],
  prefix: readonly PropertyKey[] = [],
): { path: string; message: string } {
  const [first] = issues;
  if (!first) return { path: prefix.join('.'), message: 'invalid' };
  const path = [...prefix, ...first.path];
  if (first.code === 'invalid_union') {
    const branches = first.errors.filter((branch) => branch.length > 0);
    const meant = branches.find((branch) => !isTypeMismatch(branch) && branch[0]?.path.length !== 0) ?? branches.at(-1);
    if (meant) return describeIssue(meant, path);
  }
  return { path: path.join('.'), message: first.message };
}
