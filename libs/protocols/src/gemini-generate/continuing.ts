import type { Continuing } from '../protocol.js';

const protocol = 'gemini-generate' as const;

/** The vendor knows by a token of its own how far it was: the question is sent again as it was, with the token (protocols 1.4). */
export const continuing: Continuing = {
  replays: () => false,
  goOn: (asked, { finish: { continuation } }) => {
    if (continuation === undefined) return undefined;
    const own = { ...asked.extensions?.[protocol], continuationToken: continuation };
    return { ...asked, extensions: { ...asked.extensions, [protocol]: own } };
  },
};
