import { GatewayError } from '@bytespike/kernel';

import type { Task } from '../domain/task.js';
import type { WorkPorts } from './ports.js';

/** A worker that dies is missed after this: within half a minute somebody else goes on, with the sweeper's own few seconds. */
export const LEASE_MS = 15_000;
const RENEW_MS = 5_000;

export interface Lease {
  /** Aborted when another may have the task, or this process takes leave. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Keeps a task for as long as somebody works on it. */
export function keepLease(
  task: Task,
  { store, leaving, logger }: Pick<WorkPorts, 'store' | 'leaving' | 'logger'>,
): Lease {
  const lost = new AbortController();
  const renew = async (): Promise<void> => {
    if (!(await store.renew(task, LEASE_MS))) lost.abort(new GatewayError('conflict', 'another worker has the task'));
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) => {
      logger.warn({ taskId: task.id, kind: GatewayError.from(error).kind }, 'a lease was not renewed');
    });
  }, RENEW_MS).unref();
  return { signal: AbortSignal.any([lost.signal, leaving]), stop: () => clearInterval(timer) };
}
