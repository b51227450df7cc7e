import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';

import type { AnswerStore, Claim } from './answer-store.js';

/** Keeps the claims of this process alive. */
export interface Leases {
  /** Renews a claim until told to stop; `onLost` is called once if somebody else has it by then. */
  hold(claim: Claim, onLost: () => void): { stop(): void };
}

export interface LeaseParts {
  readonly store: Pick<AnswerStore, 'renew'>;
  readonly leaseMs: number;
  readonly logger: Pick<Logger, 'warn'>;
}

/** A renewal may fail twice before a lease runs out. */
const RENEWALS_PER_LEASE = 3;

/** One statement renews all, and no statement is made while there is nothing to renew. */
export function createLeases({ store, leaseMs, logger }: LeaseParts): Leases {
  const held = new Map<Claim, () => void>();
  let timer: NodeJS.Timeout | undefined;

  const schedule = (): void => {
    timer ??= setTimeout(() => {
      renew()
        .catch((thrown: unknown) => logger.warn({ kind: GatewayError.from(thrown).kind }, 'leases were not renewed'))
        .finally(() => {
          timer = undefined;
          if (held.size > 0) schedule();
        });
    }, leaseMs / RENEWALS_PER_LEASE).unref();
  };

  const renew = async (): Promise<void> => {
    const asked = [...held.keys()];
    if (asked.length === 0) return;
    const ours = await store.renew(asked, leaseMs);
    for (const claim of asked) {
      if (ours.has(claim.requestId)) continue;
      // One that has ended in the meantime is not lost but done.
      const onLost = held.get(claim);
      held.delete(claim);
      onLost?.();
    }
  };

  return {
    hold: (claim, onLost) => {
      held.set(claim, onLost);
      schedule();
      return { stop: () => void held.delete(claim) };
    },
  };
}
