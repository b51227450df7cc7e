import { chatCompatibility } from './chat.js';
import { meets, terms, type RawLaneTerms, type SeenBody } from './raw-lane-terms.js';

/** Parts, marks and reasoning that are spelled differently here, or not understood. */
const NEVER = ['"image_url"', '"cache_control"', '"prompt_cache_breakpoint"', '"reasoning_details"', '"extra_content"'];

function termsOf(vendor: string, upstreamModel: string): RawLaneTerms | undefined {
  const to = chatCompatibility(vendor, upstreamModel);
  if (Object.keys(to.always).length > 0) return undefined;
  const sampling = to.sampling === 'send';
  return terms(
    [
      ...['model', 'messages', 'stream', 'stream_options', to.maxTokensField],
      ...[sampling && 'temperature', sampling && 'top_p'],
      to.thinking.on === 'enabled' && to.thinking.off === 'disabled' && 'thinking',
      // Reasoning in front of calls is remembered for clients that drop it, which the raw lane cannot do.
      to.reasoningReplay === 'never' && 'tools',
    ],
    [
      ...NEVER,
      to.systemRole === 'system' && '"developer"',
      to.customTools === 'wrap' && '"custom"',
      to.strictTools === 'drop' && '"strict"',
      to.textParts === 'join' && '"text"',
      to.reasoningReplay === 'never' && '"reasoning_content"',
      ...(to.files === 'reject' ? ['"file"', '"input_audio"'] : []),
    ],
  );
}

/** Whether a look-alike on the Chat wire may be sent these bytes. */
export function chatRawLane(vendor: string, upstreamModel: string, seen: SeenBody): boolean {
  const found = termsOf(vendor, upstreamModel);
  return found !== undefined && meets(found, seen);
}

/** Fields in which other vendors and gateways keep reasoning; the owner of the wire knows none of them. */
const FOREIGN = ['"reasoning_content"', '"reasoning_details"', '"thinking_blocks"', '"thought_signature"'];

/**
 * Whether the owner of the Chat wire may be sent these bytes: it refuses a message with a field that it does not know, and
 * the limit by its old name, which clients made for any vendor of this wire still use.
 */
export const ownChatRawLane = ({ fields, count }: SeenBody): boolean =>
  !fields.includes('max_tokens') && !FOREIGN.some((field) => count(field) > 0);
