import type { HandlersFor, tasks } from '@bytespike/contracts';

import type { CallbackPorts } from './callbacks.js';
import type { DeliveryStore } from './delivery-store.js';
import type { SigningSecrets } from './signing-secrets.js';

export interface CallbackHandlerPorts {
  readonly deliveries: Pick<DeliveryStore, 'list' | 'resend'>;
  readonly secrets: Pick<SigningSecrets, 'rotate'>;
  readonly wake: CallbackPorts['wake'];
}

type CallbackHandlers = Pick<HandlersFor<typeof tasks>, 'listDeliveries' | 'resendDelivery' | 'rotateSigningSecret'>;

/** What accounts ask about their callbacks. */
export const callbackHandlers = ({ deliveries, secrets, wake }: CallbackHandlerPorts): CallbackHandlers => ({
  listDeliveries: async (owner) => ({ deliveries: [...(await deliveries.list(owner))] }),
  resendDelivery: async ({ deliveryId, ...owner }) => {
    const delivery = await deliveries.resend(owner, deliveryId);
    await wake(delivery.taskId, 0);
    return { delivery };
  },
  rotateSigningSecret: async ({ accountId }) => {
    const { secret, previousUntil } = await secrets.rotate(accountId);
    return { secret, ...(previousUntil && { previousUntil: previousUntil.getTime() }) };
  },
});
