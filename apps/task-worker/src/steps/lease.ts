import { GatewayError } from '@bytespike/kernel';

import type { Task } from '../domain/task.js';
import type { WorkPorts } from './ports.js';

/** A worker that dies is missed after this: within half a minute somebody else goes on, with the sweeper's own few seconds. */
export const LEASE_MS = 15_000;
const RENEW_MS = 5_000;

export interface Lease {
  /** Aborted when another has the one task, or this process takes leave. */
  readonly signal: AbortSignal;
  stop(): void;
}

type LeasePorts = Pick<WorkPorts, 'store' | 'leaving' | 'logger'>;

/** Keeps a task for as long as somebody works on it. */
export const keepLease = (task: Task, ports: LeasePorts): Lease => keepLeases([task], ports);

/** Keeps tasks for as long as somebody works on them. Of several, one may be done, and written, before the others. */
export function keepLeases(tasks: readonly Task[], { store, leaving, logger }: LeasePorts): Lease {
  const lost = new AbortController();
  const renew = async (): Promise<void> => {
    if ((await store.renew(tasks, LEASE_MS)) < tasks.length && tasks.length === 1)
      lost.abort(new GatewayError('conflict', 'another worker has the task'));
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) => {
      logger.warn({ kind: GatewayError.from(error).kind, tasks: tasks.length }, 'leases were not renewed');
    });
  }, RENEW_MS).unref();
  return { signal: AbortSignal.any([lost.signal, leaving]), stop: () => clearInterval(timer) };
}
