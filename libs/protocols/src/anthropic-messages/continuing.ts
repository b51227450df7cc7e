import type { GenerateRequest, ResponsePart, ToolChoice } from '@bytespike/ir';

import { given } from '../given.js';
import type { Continuing } from '../protocol.js';

/**
 * The vendor pauses where its own tools take long (`pause_turn`), and goes on when its turn comes back as it stands
 * (protocols 2.9). A turn with a call that its client has to answer cannot come back without that answer.
 */
export const continuing: Continuing = {
  replays: ({ tools }) => tools.some((tool) => tool.kind === 'hosted' && tool.runBy === 'server'),
  goOn: (asked, { parts }) => {
    if (parts.length === 0 || parts.some(({ type }) => type === 'tool-call')) return undefined;
    const turns = [...asked.turns, { role: 'assistant', form: 'parts', parts } as const];
    return { ...asked, turns, ...given({ toolChoice: choiceLeft(asked, parts) }) };
  },
};

/** A tool that had to be used and has been must not be used again in every round. */
function choiceLeft({ toolChoice }: GenerateRequest, parts: readonly ResponsePart[]): ToolChoice | undefined {
  const obeyed = parts.some(({ type }) => type === 'server-tool-call');
  const forced = toolChoice?.mode === 'required' || (toolChoice?.mode === 'one' && toolChoice.kind === 'hosted');
  return obeyed && forced ? { mode: 'auto' } : toolChoice;
}
