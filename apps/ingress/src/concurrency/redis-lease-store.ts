import { assert } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';
import { Redis, type Result } from 'ioredis';

import { leasesOf, RENEW, TAKE } from './lease-scripts.js';
import type { LeaseStore } from './lease-store.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeLease(leases: string, lastsMs: number, limit: number, requestId: string): Result<number, Context>;
    renewLeases(leases: string, lastsMs: number, ...requestIds: string[]): Result<number, Context>;
  }
}

export interface RedisLeaseStoreParts {
  readonly url: string;
  readonly logger: Pick<Logger, 'warn'>;
  /** How long a lease outlives its last renewal. */
  readonly leaseMs: number;
  /** Called whenever the store can be reached, for the first time or again: what it knew may be lost. */
  readonly whenReachable: () => void;
}

/** Redis answers within a millisecond or has a problem. A request is counted here meanwhile, and does not wait for it. */
const ANSWER_MS_MAX = 500;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MS_MAX = 2_000;

/** Leases in Redis, reached at once or whenever it can be; resolves when that has been tried. */
export async function openRedisLeaseStore(parts: RedisLeaseStoreParts): Promise<LeaseStore> {
  const { url, logger, leaseMs, whenReachable } = parts;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    // What was asked before an outage has been decided without an answer since.
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    retryStrategy: (tries) => Math.min(tries * 100, RECONNECT_MS_MAX),
    scripts: { takeLease: { lua: TAKE, numberOfKeys: 1 }, renewLeases: { lua: RENEW, numberOfKeys: 1 } },
  });
  // One line for each outage; the connection is tried again without end.
  let told = false;
  const away = (reason: string): void => {
    if (!told) logger.warn({ error: reason }, 'requests in flight are counted in this process alone');
    told = true;
  };
  redis.on('error', (error: Error) => away(error.message));
  redis.on('ready', () => {
    told = false;
    whenReachable();
  });
  await redis.connect().catch((error: unknown) => away(messageOf(error)));

  /** What was answered in time. Whoever keeps silent is hung up on, so that nobody waits until there is a new connection. */
  async function ask(command: () => Promise<number>): Promise<number | 'unanswered'> {
    if (redis.status !== 'ready') return 'unanswered';
    try {
      const answer = await inTime(command());
      if (answer === 'unanswered' && redis.status === 'ready') {
        away(`no answer within ${ANSWER_MS_MAX} ms`);
        redis.disconnect(true);
      }
      return answer;
    } catch (thrown) {
      away(messageOf(thrown));
      return 'unanswered';
    }
  }

  return {
    take: async ({ accountId, requestId }, limit) => {
      const answer = await ask(() => redis.takeLease(leasesOf(accountId), leaseMs, limit, requestId));
      if (answer === 'unanswered') return answer;
      return answer === 1 ? 'taken' : 'full';
    },
    renew: async (accountId, requestIds) => {
      await ask(() => redis.renewLeases(leasesOf(accountId), leaseMs, ...requestIds));
    },
    release: async ({ accountId, requestId }) => {
      const answer = await ask(() => redis.zrem(leasesOf(accountId), requestId));
      return answer === 'unanswered' ? answer : 'released';
    },
    close: async () => {
      // Behind what was asked before it, so that the last releases arrive.
      await ask(() => redis.ping().then(() => 1));
      redis.disconnect();
    },
  };
}

function messageOf(thrown: unknown): string {
  assert(thrown instanceof Error, 'a command fails with an error');
  return thrown.message;
}

/**
 * An answer, if it comes in time. A process that was busy itself finds the answer in its socket after the time is over, so it
 * looks there once more before it gives up: timers run before sockets are read, and immediates after.
 */
async function inTime(answer: Promise<number>): Promise<number | 'unanswered'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'unanswered'>((resolve) => {
    timer = setTimeout(() => setImmediate(resolve, 'unanswered' as const), ANSWER_MS_MAX);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
