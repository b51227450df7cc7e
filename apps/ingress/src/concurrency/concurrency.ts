import type { Principal } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { createLeaseKeeper, type LeaseKeeperParts } from './lease-keeper.js';

/** A request's place among those its account has in flight. */
export interface Place {
  /** Resolves when it is known: to why there is no room, or to nothing when the place is taken. Never rejects. */
  readonly refusal: Promise<GatewayError | undefined>;
  /** Gives the place up, at whatever point of asking for it or having it. */
  leave(): void;
}

export interface Concurrency {
  /** Asks for a place, and does not wait for it. An account without a limit needs none. */
  ask(caller: Pick<Principal, 'accountId' | 'concurrency'>, requestId: string): Place | undefined;
  /** Places that were left before are free for other processes when this resolves. */
  close(): Promise<void>;
}

export interface ConcurrencyParts extends LeaseKeeperParts {
  /** How long a request that finds no room waits before it looks again. */
  readonly secondLookMs?: number;
}

/** How long the request of a process that was killed counts on: nobody is left who could say that it ended. */
export const LEASE_MS = 30_000;
/** Two renewals may fail before a request that runs on is forgotten. */
export const RENEW_EVERY_MS = 10_000;

/**
 * A client that has read the end of an answer may ask again before we have heard of that end. So who finds no room looks
 * once more after a moment, and a client with as many workers as it may have is not refused for being quick.
 */
const SECOND_LOOK_MS = 100;
/** Requests end all the time, and clients wait literally (contract 0.3). */
const RETRY_AFTER_MS = 1_000;

/** Admits as many requests of an account as it may have in flight, over all processes (ADR 0016). */
export async function createConcurrency(parts: ConcurrencyParts): Promise<Concurrency> {
  const { secondLookMs = SECOND_LOOK_MS } = parts;
  const leases = await createLeaseKeeper(parts);
  return {
    ask: ({ accountId, concurrency: limit }, requestId) => {
      if (limit === undefined) return undefined;
      const lease = { accountId, requestId };
      let state: 'asking' | 'in' | 'out' = 'asking';
      const admit = async (): Promise<GatewayError | undefined> => {
        let taken = await leases.take(lease, limit);
        if (!taken) await delay(secondLookMs);
        if (!taken && state === 'asking') taken = await leases.take(lease, limit);
        if (state === 'asking') state = taken ? 'in' : 'out';
        else if (taken) leases.release(lease);
        return taken ? undefined : noRoom(limit);
      };
      return {
        refusal: admit(),
        leave: () => {
          // Behind the question, where that is still on its way: the store hears one after the other.
          if (state !== 'out') leases.release(lease);
          state = 'out';
        },
      };
    },
    close: () => leases.close(),
  };
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const noRoom = (limit: number): GatewayError =>
  new GatewayError(
    'concurrency',
    `This account may have ${limit} request${limit === 1 ? '' : 's'} in flight at once, over all its keys, and has as many now.`,
    { retryAfterMs: RETRY_AFTER_MS },
  );
