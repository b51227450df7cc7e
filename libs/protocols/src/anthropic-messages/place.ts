import { placeInMessages, type Place } from '../losses.js';

/** The hub's words for what a tool and its search have, and this wire's. */
const TOOL_WORDS: readonly (readonly [hub: string, wire: string])[] = [
  ['.parameters', '.input_schema'],
  ['.search.allowedDomains', '.allowed_domains'],
  ['.search.blockedDomains', '.blocked_domains'],
  ['.search.usesMax', '.max_uses'],
  ['.search.location', '.user_location'],
];

/** Where a node stood in a Messages body. */
export const placeInBody: Place = (path, asked) => {
  const bound = TOOL_WORDS.find(([hub]) => path.startsWith('tools.') && path.endsWith(hub));
  return bound ? path.slice(0, -bound[0].length) + bound[1] : placeInMessages(path, asked);
};
