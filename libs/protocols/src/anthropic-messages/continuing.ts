import type { Continuing } from '../protocol.js';

/**
 * The vendor pauses where its own tools take long (`pause_turn`), and goes on when its turn comes back as it stands
 * (protocols 2.9). A turn with a call that its client has to answer cannot come back without that answer.
 */
export const continuing: Continuing = {
  replays: ({ tools }) => tools.some((tool) => tool.kind === 'hosted' && tool.runBy === 'server'),
  goOn: (asked, { parts }) => {
    if (parts.length === 0 || parts.some(({ type }) => type === 'tool-call')) return undefined;
    return { ...asked, turns: [...asked.turns, { role: 'assistant', form: 'parts', parts }] };
  },
};
