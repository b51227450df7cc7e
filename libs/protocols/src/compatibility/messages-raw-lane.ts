import { messagesCompatibility, servesInDisguise } from './messages.js';
import { meets, terms, type SeenBody } from './raw-lane-terms.js';

/** State, typed tools and blocks that a look-alike reads otherwise than the owner, or not at all. */
const NEVER = [
  ...['"signature"', '"redacted_thinking"', '"server_tool_use"', '"tool_reference"', '"search_result"', '"citations"'],
  // Tools typed by their vendor carry the year they were made in.
  ...['_202', '"defer_loading"', '"document"'],
];

const ANSWERED = '"tool_use_id"';
/** How the owner's own calls are named, its server tools' among them. */
const OWN_CALLS = ['"toolu_', '"srvtoolu_'].flatMap((id) => [`${ANSWERED}:${id}`, `${ANSWERED}: ${id}`]);

/**
 * Whether the owner of the Messages wire may be sent these bytes. It refuses a thinking request whose open calls no
 * thinking leads (protocols 2.6, L42), and only calls that another vendor made, named otherwise, came without.
 */
export const ownMessagesRawLane = ({ thinking, count }: SeenBody): boolean =>
  !thinking || count(ANSWERED) <= OWN_CALLS.reduce((sum, own) => sum + count(own), 0);

/**
 * Whether a look-alike on the Messages wire may be sent these bytes. What it thinks is signed with a word of its own,
 * which must never reach the owner of this wire, so where it may think the answer is translated and its state sealed.
 */
export function messagesRawLane(vendor: string, upstreamModel: string, seen: SeenBody): boolean {
  const to = messagesCompatibility(vendor, upstreamModel);
  const off = seen.fields.includes('thinking') ? to.thinking.includes('disabled') : !to.thinksByDefault;
  if (seen.thinking || !off || servesInDisguise(vendor, upstreamModel)) return false;
  const sampling = to.sampling !== 'drop';
  const found = terms(
    [
      ...['model', 'messages', 'system', 'max_tokens', 'stream', 'thinking', 'tools'],
      ...[sampling && 'temperature', sampling && 'top_p', to.stopSequences === 'send' && 'stop_sequences'],
    ],
    [
      ...NEVER,
      to.images === 'reject' && '"image"',
      to.cacheMarksMax === 0 && '"cache_control"',
      to.strictTools === 'drop' && '"strict"',
      ...(to.laterSystem === 'wrap' ? ['"role":"system"', '"role": "system"'] : []),
    ],
  );
  return meets(found, seen);
}
