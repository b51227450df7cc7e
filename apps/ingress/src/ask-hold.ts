import type { billing, CallContext, ClientFor, Hold, HoldRequest } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { reached } from '@bytespike/service';

export interface HoldPorts {
  readonly billing: Pick<ClientFor<typeof billing>, 'hold'>;
}

const NEVER = new AbortController().signal;

/**
 * Asks the ledger to hold what a request may cost. A refusal made no hold. Silence may have made one: `onDoubt` is told,
 * and the fact that nothing ran voids it. Errors: those of `billing.hold`.
 */
export async function askHold(
  request: HoldRequest,
  context: CallContext,
  { billing }: HoldPorts,
  onDoubt: (error: GatewayError) => void,
): Promise<Hold> {
  reached('ingress.hold.asking');
  try {
    // A client that leaves now must not leave us wondering whether the hold exists.
    const hold = await billing.hold(request, { ...context, signal: NEVER });
    reached('ingress.hold.answered');
    return hold;
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    if (error.traits.fault !== 'client') onDoubt(error);
    throw error;
  }
}
