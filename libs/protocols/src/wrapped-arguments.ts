import type { ToolCallPart } from '@bytespike/ir';

/** Whether a call's arguments, which were no object, were put under `input` for a wire that takes nothing else. */
export const isWrapped = (
  { kind, argumentsText }: Pick<ToolCallPart, 'kind' | 'argumentsText'>,
  written: Readonly<Record<string, unknown>>,
): boolean => kind === 'function' && written['input'] === argumentsText;
