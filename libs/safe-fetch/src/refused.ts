import { GatewayError } from '@bytespike/kernel';

/** Which rule an address broke, for our own log. It names no host and no address. */
export type BrokenRule =
  | 'spelling'
  | 'scheme'
  | 'userinfo'
  | 'port'
  | 'address range'
  | 'no address'
  | 'redirect'
  | 'status'
  | 'encoding'
  | 'no answer';

/**
 * The one refusal of an address: who gave it learns neither what is behind it, nor which rule it broke, nor whether
 * anything answered there.
 */
export const refused = (rule: BrokenRule, status?: number): GatewayError =>
  new GatewayError('invalid-request', 'the address cannot be used', { cause: new RuleBroken(rule, status) });

class RuleBroken extends Error {
  constructor(
    rule: BrokenRule,
    readonly status: number | undefined,
  ) {
    super(`broken rule: ${rule}`);
  }
}

/** The status of an answer that was refused for it: for addresses that a vendor gave us, never for a customer's eyes. */
export const refusedStatus = (thrown: unknown): number | undefined =>
  thrown instanceof GatewayError && thrown.cause instanceof RuleBroken ? thrown.cause.status : undefined;

/** What became of a call that broke, told to whoever made it. A caller who has left gets their own reason back. */
export function fetchFailure(thrown: unknown, caller: AbortSignal): GatewayError {
  if (caller.aborted)
    return caller.reason instanceof GatewayError ? caller.reason : new GatewayError('cancelled', 'the caller left');
  return thrown instanceof GatewayError ? thrown : refused('no answer');
}
