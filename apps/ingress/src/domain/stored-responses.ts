import { GatewayError } from '@bytespike/kernel';
import type { PeekedBody } from '@bytespike/protocols';

/**
 * State of the Responses protocol is ours (contract 0.6), and none is kept yet. What leans on it is refused: a vendor
 * would look in its own account, and an answer made in the background could neither be fetched here nor be charged.
 */
export function assertNoStoredState({ usesState, inBackground }: Pick<PeekedBody, 'usesState' | 'inBackground'>): void {
  if (usesState)
    throw new GatewayError(
      'previous-response-not-found',
      'Previous response not found: responses are not stored here yet. Send the whole input instead.',
      { details: { param: 'previous_response_id' } },
    );
  if (inBackground)
    throw new GatewayError('unsupported', 'background: responses are not stored here yet, so wait or stream instead.', {
      details: { param: 'background' },
    });
}
