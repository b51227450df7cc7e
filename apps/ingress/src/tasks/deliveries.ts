import type { ClientFor, Delivery, Principal, tasks } from '@bytespike/contracts';

import { authenticate, type AuthenticationPorts } from '../authenticate.js';
import type { Exchange } from '../http/exchange.js';
import { requireManager, type ManagementPorts } from '../manage-account.js';

export interface DeliveryPorts extends AuthenticationPorts {
  readonly tasks: Pick<ClientFor<typeof tasks>, 'listDeliveries' | 'resendDelivery'>;
}

export interface CallbackSecretPorts extends ManagementPorts {
  readonly tasks: Pick<ClientFor<typeof tasks>, 'rotateSigningSecret'>;
}

/** `GET /v1/tasks/{id}/deliveries`: what was sent to the task's callback address (contract 0.7). Errors: `task-not-found`. */
export async function listDeliveries(exchange: Exchange, ports: DeliveryPorts): Promise<object> {
  const owner = ownerOf(await authenticate(exchange, ports), exchange);
  const { deliveries } = await ports.tasks.listDeliveries(owner, exchange.context);
  return { data: deliveries.map(deliveryJson) };
}

/** `POST /v1/tasks/{id}/deliveries/{delivery_id}/resend`. Errors: `task-not-found`, `not-found`, `conflict`. */
export async function resendDelivery(exchange: Exchange, ports: DeliveryPorts): Promise<object> {
  const owner = ownerOf(await authenticate(exchange, ports), exchange);
  const deliveryId = /\/deliveries\/([^/]+)\/resend\/?$/.exec(exchange.path)?.[1] ?? '';
  const { delivery } = await ports.tasks.resendDelivery({ ...owner, deliveryId }, exchange.context);
  return deliveryJson(delivery);
}

/** `POST /api/v1/me/callback-secret/rotate`: the new secret is in this answer and in no other. */
export async function rotateCallbackSecret(exchange: Exchange, ports: CallbackSecretPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const { secret, previousUntil } = await ports.tasks.rotateSigningSecret({ accountId }, exchange.context);
  return { secret, previous_until: dateOrNull(previousUntil) };
}

const ownerOf = ({ accountId, keyId }: Principal, { resource: taskId }: Exchange) => ({ accountId, keyId, taskId });

const deliveryJson = ({ deliveryId, taskId, url, event, state, attempts, nextAttemptAt, createdAt }: Delivery) => ({
  id: deliveryId,
  task_id: taskId,
  event,
  url,
  status: state,
  attempts: attempts.map(({ at, status, durationMs }) => ({
    at: new Date(at).toISOString(),
    /** Null where nobody answered. */
    status: status ?? null,
    duration_ms: durationMs,
  })),
  next_attempt_at: dateOrNull(nextAttemptAt),
  created_at: new Date(createdAt).toISOString(),
});

const dateOrNull = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();
