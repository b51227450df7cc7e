import type { Part, ToolDefinition } from '@bytespike/ir';

import type { Place } from '../losses.js';

/**
 * Where a node stood in a body of this wire: a conversation is `contents`, the leading instruction one field, a
 * function's result a response, and tools are said by what they are. State that is a part of its own in the hub stood
 * on a neighbour, and is counted with it.
 */
export const place: Place = (path, { turns, tools }) =>
  path
    .replace(/^turns\.(\d+)\.parts\.(\d+)/, (_match, turn: string, at: string) => {
      const parts = turns[Number(turn)]?.parts ?? [];
      const before = parts
        .slice(0, Number(at))
        .filter((_part, index) => isBeforeCall(parts, index) || isBehindText(parts, index));
      const own = isBehindText(parts, Number(at)) ? 1 : 0;
      return `contents.${turn}.parts.${Number(at) - before.length - own}`;
    })
    .replace(/^turns\.(\d+)/, 'contents.$1')
    .replace(/^system\.\d+/, 'systemInstruction')
    .replace(/\.content\.(\d+)/, '.functionResponse.parts.$1')
    .replace(/\.is_error$/, '.functionResponse.response.error')
    .replace(/\.detail$/, '.mediaResolution')
    .replace(/^tools\.\d+\.strict$/, 'toolConfig.functionCallingConfig.mode')
    .replace(/^tools\.(\d+)/, (_match, at: string) => toolPlace(tools, Number(at)))
    .replace(/\.search\.blockedDomains$/, '.excludeDomains');

const isState = (part: Part | undefined): boolean => part?.type === 'reasoning' && part.visibility === 'redacted';

const isBeforeCall = (parts: readonly Part[], index: number): boolean =>
  isState(parts[index]) && parts[index + 1]?.type === 'tool-call';

function isBehindText(parts: readonly Part[], index: number): boolean {
  const before = parts[index - 1];
  return isState(parts[index]) && before?.type === 'text' && before.raw === undefined;
}

function toolPlace(tools: readonly ToolDefinition[], index: number): string {
  const tool = tools[index];
  if (tool?.kind === 'hosted') return `tools.${tool.name}`;
  const before = tools.slice(0, index).filter(({ kind }) => kind !== 'hosted');
  return `tools.functionDeclarations.${before.length}`;
}
