import type { Delivery, TaskView } from '@bytespike/contracts';
import { linkToAsset, type AssetUrls } from '@bytespike/assets';
import { GatewayError, LIMITS } from '@bytespike/kernel';
import { taskJson } from '@bytespike/media';
import type { SafeFetch } from '@bytespike/safe-fetch';

import type { AttemptResult, ClaimedDelivery } from './delivery-store.js';
import { delayAfter } from './ladder.js';
import { signatureHeaders } from './webhook-signature.js';

export interface AttemptPorts {
  readonly post: SafeFetch['post'];
  readonly secretsOf: (accountId: string) => Promise<readonly string[]>;
  readonly urls: AssetUrls;
  readonly now: () => Date;
  readonly random: () => number;
}

/**
 * Tells an address once how a task has ended, in the words of a query (contract 0.7); its links lead to what was made for a
 * day from now. Only a status of the two hundreds has been heard: whoever redirects has not.
 */
export async function attemptDelivery(
  claimed: ClaimedDelivery,
  task: TaskView,
  ports: AttemptPorts,
): Promise<AttemptResult> {
  const secrets = await ports.secretsOf(claimed.accountId);
  const sentAt = ports.now();
  const body = JSON.stringify(taskJson(task, (name) => linkToAsset(ports.urls, name, sentAt)));
  const signature = signatureHeaders({ id: claimed.deliveryId, sentAt, body, secrets });
  const headers = { 'content-type': 'application/json; charset=utf-8', ...signature };
  const status = await statusOf(ports.post, { url: claimed.url, headers, body });
  const durationMs = ports.now().getTime() - sentAt.getTime();
  const attempt: Delivery['attempts'][number] = {
    at: sentAt.getTime(),
    durationMs,
    ...(status !== undefined && { status }),
  };
  if (isHeard(status)) return { attempt, state: 'delivered', retryInMs: undefined };
  const retryInMs = delayAfter(claimed.tries + 1, ports.random);
  return { attempt, state: retryInMs === undefined ? 'failed' : 'pending', retryInMs };
}

const isHeard = (status: number | undefined): boolean => status !== undefined && status >= 200 && status < 300;

/** What was answered; nothing where nobody did, or the address may not be called. */
async function statusOf(
  post: SafeFetch['post'],
  message: Pick<Parameters<SafeFetch['post']>[0], 'url' | 'headers' | 'body'>,
): Promise<number | undefined> {
  try {
    // An attempt is short: one that was begun is ended, also by a service that goes down.
    const signal = new AbortController().signal;
    const { status } = await post({ ...message, totalMs: LIMITS.callbackAnswerMs, signal });
    return status;
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.kind === 'invalid-request') return undefined;
    throw thrown;
  }
}
