import type { GenerateRequest, Part, ToolDefinition } from '@bytespike/ir';

import type { Place } from '../losses.js';
import { writtenContents } from './model-stretches.js';

/**
 * Where a node stood in a body of this wire: a conversation is `contents`, the leading instruction one field, a
 * function's result a response, and tools are said by what they are. State that is a part of its own in the hub stood
 * on a neighbour, and is counted with it.
 */
export const place: Place = (path, { turns, tools }) =>
  path
    .replace(/^turns\.(\d+)\.parts\.(\d+)/, (_match, turn: string, at: string) => {
      const parts = turns[Number(turn)]?.parts ?? [];
      const stretch = placeInStretch(turns, Number(turn), Number(at));
      if (stretch !== undefined) return stretch;
      const before = parts
        .slice(0, Number(at))
        .filter((_part, index) => isBeforeCall(parts, index) || isBehindText(parts, index));
      const own = isBehindText(parts, Number(at)) ? 1 : 0;
      return `contents.${contentAt(turns, Number(turn))}.parts.${Number(at) - before.length - own}`;
    })
    .replace(/^turns\.(\d+)/, (_match, turn: string) => `contents.${contentAt(turns, Number(turn))}`)
    .replace(/^system\.\d+/, 'systemInstruction')
    .replace(/\.content\.(\d+)/, '.functionResponse.parts.$1')
    .replace(/\.is_error$/, '.functionResponse.response.error')
    .replace(/\.detail$/, '.mediaResolution')
    .replace(/^tools\.\d+\.strict$/, 'toolConfig.functionCallingConfig.mode')
    .replace(/^tools\.(\d+)/, (_match, at: string) => toolPlace(tools, Number(at)))
    .replace(/\.search\.blockedDomains$/, '.excludeDomains');

/** Where the first content of a turn stood: a turn of the model's may have been written as several. */
const contentAt = (turns: GenerateRequest['turns'], turn: number): number =>
  turns.slice(0, turn).reduce((sum, { raw }) => sum + (writtenContents(raw)?.length ?? 1), 0);

/** In a turn of several contents a call is counted among the calls; anything else is told with the first of them. */
function placeInStretch(turns: GenerateRequest['turns'], turn: number, at: number): string | undefined {
  const contents = writtenContents(turns[turn]?.raw) ?? [];
  if (contents.length < 2) return undefined;
  const first = contentAt(turns, turn);
  const parts = turns[turn]?.parts ?? [];
  if (parts[at]?.type !== 'tool-call') return `contents.${first}`;
  const nth = parts.slice(0, at).filter(({ type }) => type === 'tool-call').length;
  const calls = contents.flatMap((content, offset) =>
    content.parts.flatMap(({ functionCall }, index) =>
      functionCall ? [`contents.${first + offset}.parts.${index}`] : [],
    ),
  );
  return calls[nth] ?? `contents.${first}`;
}

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
