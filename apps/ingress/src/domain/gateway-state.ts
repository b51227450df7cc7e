import { GatewayError, type ErrorDetails, type ProtocolName } from '@bytespike/kernel';
import type { PeekedBody } from '@bytespike/protocols';

interface Refusal {
  readonly message: string;
  readonly details: ErrorDetails;
}

const CONVERSATIONS: Refusal = {
  message:
    'conversation: conversation objects are not served here. Go on from previous_response_id, or send the whole input.',
  details: { param: 'conversation' },
};

/** By the vendor's own code, upon which its SDKs' tool runners send the whole conversation from then on. */
const THREADS: Refusal = {
  message: 'thread: threads are not served here. Send the full conversation without `thread`.',
  details: { param: 'thread', code: 'thread_unsupported_request' },
};

/** Its content was never sent to us, so no vendor could be given it in another way either. */
const CACHED: Refusal = {
  message:
    'cachedContent: cached contents are not kept here. Send the content itself; what is repeated is cached by the vendor.',
  details: { param: 'cachedContent' },
};

/** What each protocol calls the beginning that a vendor's account keeps. */
const BEGINNINGS: Readonly<Record<ProtocolName, Refusal>> = {
  'anthropic-messages': THREADS,
  'openai-responses': CONVERSATIONS,
  'openai-chat': CONVERSATIONS,
  'gemini-generate': CACHED,
};

/**
 * State of the Responses protocol is ours (contract 0.6): responses and their items. What only a vendor's own account
 * could hold, among the conversations of every key, is refused before anybody is asked: a conversation object, a thread,
 * cached content, and an answer that is fetched later.
 */
export function assertOurState(
  { inThread, inBackground }: Pick<PeekedBody, 'inThread' | 'inBackground'>,
  protocol: ProtocolName,
): void {
  if (inThread) {
    const { message, details } = BEGINNINGS[protocol];
    throw new GatewayError('unsupported', message, { details });
  }
  if (inBackground)
    throw new GatewayError('unsupported', 'background: answers are not made in the background here. Wait or stream.', {
      details: { param: 'background' },
    });
}
