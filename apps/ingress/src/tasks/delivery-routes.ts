import { answeringJson } from '../http/answer-json.js';
import { accountScope, answeringNamedJson, keyScope } from '../http/answer-named-json.js';
import { managed, versioned } from '../http/paths.js';
import type { Route } from '../http/route.js';
import { listDeliveries, resendDelivery, rotateCallbackSecret } from './deliveries.js';

/** Callbacks of tasks, as those see them who are called (contract 0.7). All free. */
export const deliveryRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/v1/tasks/{id}/deliveries',
    paths: versioned('/tasks/:id/deliveries'),
    dialect: 'openai-chat',
    serve: answeringJson(listDeliveries),
  },
  {
    method: 'POST',
    template: '/v1/tasks/{id}/deliveries/{delivery_id}/resend',
    paths: versioned('/tasks/:id/deliveries/:delivery_id/resend'),
    dialect: 'openai-chat',
    serve: answeringNamedJson('POST resend', resendDelivery, {
      status: 200,
      repeats: 'same',
      scopeOf: keyScope,
    }),
  },
  {
    method: 'POST',
    template: '/api/v1/me/callback-secret/rotate',
    paths: managed('/me/callback-secret/rotate'),
    dialect: 'management',
    serve: answeringNamedJson('POST /me/callback-secret/rotate', rotateCallbackSecret, {
      status: 200,
      repeats: 'given-once',
      scopeOf: accountScope,
    }),
  },
];
