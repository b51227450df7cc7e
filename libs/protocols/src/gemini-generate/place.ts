import type { GenerateRequest, Part, ToolDefinition } from '@bytespike/ir';

import type { Place } from '../losses.js';
import { onceFor } from '../once-for.js';
import { writtenContents } from './model-stretches.js';
import type { WireContent } from './schema.js';

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
      const before = statesBefore(parts)[Number(at)] ?? 0;
      const own = isBehindText(parts, Number(at)) ? 1 : 0;
      return `contents.${contentAt(turns, Number(turn))}.parts.${Number(at) - before - own}`;
    })
    .replace(/^turns\.(\d+)/, (_match, turn: string) => `contents.${contentAt(turns, Number(turn))}`)
    .replace(/^system\.\d+/, 'systemInstruction')
    .replace(/\.content\.(\d+)/, '.functionResponse.parts.$1')
    .replace(/\.is_error$/, '.functionResponse.response.error')
    .replace(/\.detail$/, '.mediaResolution')
    .replace(/^tools\.\d+\.strict$/, 'toolConfig.functionCallingConfig.mode')
    .replace(/^tools\.(\d+)/, (_match, at: string) => toolPlace(tools, Number(at)))
    .replace(/\.search\.blockedDomains$/, '.excludeDomains');

/** Where the first content of each turn stood: a turn of the model's may have been written as several. */
const firstContents = onceFor((turns: GenerateRequest['turns']): readonly number[] => {
  let next = 0;
  return turns.map(({ raw }) => {
    const first = next;
    next += writtenContents(raw)?.length ?? 1;
    return first;
  });
});

const contentAt = (turns: GenerateRequest['turns'], turn: number): number => firstContents(turns)[turn] ?? turn;

/** In a turn of several contents a call is counted among the calls; anything else is told with the first of them. */
function placeInStretch(turns: GenerateRequest['turns'], turn: number, at: number): string | undefined {
  const { raw, parts = [] } = turns[turn] ?? {};
  const contents = writtenContents(raw) ?? [];
  if (contents.length < 2) return undefined;
  const first = contentAt(turns, turn);
  const call = parts[at]?.type === 'tool-call' ? writtenCalls(contents)[callsBefore(parts)[at] ?? 0] : undefined;
  return call ? `contents.${first + call.content}.parts.${call.part}` : `contents.${first}`;
}

/** Where each call of a turn stood in its contents. */
const writtenCalls = onceFor((contents: readonly WireContent[]) =>
  contents.flatMap(({ parts }, content) =>
    parts.flatMap(({ functionCall }, part) => (functionCall ? [{ content, part }] : [])),
  ),
);

/** For each part, how many calls stand in front of it. */
const callsBefore = onceFor((parts: readonly Part[]): readonly number[] => {
  let calls = 0;
  return parts.map(({ type }) => (type === 'tool-call' ? calls++ : calls));
});

const isState = (part: Part | undefined): boolean => part?.type === 'reasoning' && part.visibility === 'redacted';

const isBeforeCall = (parts: readonly Part[], index: number): boolean =>
  isState(parts[index]) && parts[index + 1]?.type === 'tool-call';

/** For each part, how many in front of it stood on a neighbour. */
const statesBefore = onceFor((parts: readonly Part[]): readonly number[] => {
  let states = 0;
  return parts.map((_part, index) => {
    const before = states;
    if (isBeforeCall(parts, index) || isBehindText(parts, index)) states += 1;
    return before;
  });
});

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
