import type { Usage, UsageClass } from '@bytespike/kernel';

/** The five sums in which usage is shown (contract 0.8). Disjoint; search calls, pictures and films are in none: they are no tokens. */
export const TOKEN_CLASSES = {
  input: ['input', 'toolInput', 'imageInput', 'audioInput'],
  cacheRead: ['cacheRead'],
  cacheWrite: ['cacheWrite5m', 'cacheWrite30m', 'cacheWrite1h', 'cacheWrite12h'],
  output: ['output', 'imageOutput', 'audioOutput'],
  reasoning: ['reasoning'],
} as const satisfies Record<string, readonly UsageClass[]>;

export type TokenClass = keyof typeof TOKEN_CLASSES;

/** Usage in the five sums. */
export function tokensOf(units: Usage): Record<TokenClass, number> {
  const sum = (classes: readonly UsageClass[]): number => classes.reduce((all, one) => all + (units[one] ?? 0), 0);
  return {
    input: sum(TOKEN_CLASSES.input),
    cacheRead: sum(TOKEN_CLASSES.cacheRead),
    cacheWrite: sum(TOKEN_CLASSES.cacheWrite),
    output: sum(TOKEN_CLASSES.output),
    reasoning: sum(TOKEN_CLASSES.reasoning),
  };
}
