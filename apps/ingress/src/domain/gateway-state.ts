import { GatewayError } from '@bytespike/kernel';
import type { PeekedBody } from '@bytespike/protocols';

/**
 * State of the Responses protocol is ours (contract 0.6): responses and their items. What only a vendor's own account
 * could hold is refused before anybody is asked: a conversation object, and an answer that is fetched later.
 */
export function assertOurState({ inThread, inBackground }: Pick<PeekedBody, 'inThread' | 'inBackground'>): void {
  if (inThread)
    throw new GatewayError(
      'unsupported',
      'conversation: conversation objects are not served here. Go on from previous_response_id, or send the whole input.',
      { details: { param: 'conversation' } },
    );
  if (inBackground)
    throw new GatewayError('unsupported', 'background: answers are not made in the background here. Wait or stream.', {
      details: { param: 'background' },
    });
}
