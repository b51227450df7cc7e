import type { AssetStore } from '@bytespike/assets';
import type { Pool } from '@bytespike/database';
import { LIMITS } from '@bytespike/kernel';
import { every } from '@bytespike/service';
import type { Logger } from '@bytespike/telemetry';

import type { SigningSecrets } from '../callbacks/signing-secrets.js';
import { retireFiles } from './retire-files.js';
import { retireTasks } from './retire-tasks.js';

export interface RetentionPorts {
  readonly pool: Pool;
  readonly assets: AssetStore;
  readonly secrets: Pick<SigningSecrets, 'forgetExpired'>;
  readonly now: () => Date;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

const LOOK_EVERY_MS = 300_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Removes once what is kept no longer: files, tasks with their callbacks, secrets that were replaced. */
export async function retire(ports: RetentionPorts, signal: AbortSignal): Promise<void> {
  const { pool, secrets, now, logger } = ports;
  const files = await retireFiles(ports, new Date(now().getTime() - LIMITS.assetDays * DAY_MS), signal);
  const tasks = await retireTasks(pool, signal);
  const expired = await secrets.forgetExpired();
  if (files + tasks + expired > 0) logger.info({ files, tasks, secrets: expired }, 'what was kept long enough is gone');
}

/**
 * Does so every hour, the first time soon after the start: also where nothing runs for an hour. Every worker does: removing
 * twice is harmless, and a bucket that is looked through twice an hour costs less than an agreement on who looks.
 */
export function keepRetention(ports: RetentionPorts): { stop(): Promise<void> } {
  const leaving = new AbortController();
  const look = hourly(() => retire(ports, leaving.signal), ports.now);
  const clock = every(LOOK_EVERY_MS, look, ports.logger);
  return {
    stop: () => {
      leaving.abort();
      return clock.stop();
    },
  };
}

/** Does something whenever it is asked to and an hour has passed since the last time. */
export function hourly(action: () => Promise<void>, now: () => Date): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now().getTime() - last < HOUR_MS) return;
    last = now().getTime();
    await action();
  };
}
