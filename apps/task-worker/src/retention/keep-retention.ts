import { retireAssets, type AssetStore } from '@bytespike/assets';
import type { Pool } from '@bytespike/database';
import { LIMITS } from '@bytespike/kernel';
import { every } from '@bytespike/service';
import type { Logger } from '@bytespike/telemetry';

import type { SigningSecrets } from '../callbacks/signing-secrets.js';
import { retireTasks } from './retire-tasks.js';

export interface RetentionPorts {
  readonly pool: Pool;
  readonly assets: AssetStore;
  readonly secrets: Pick<SigningSecrets, 'forgetExpired'>;
  readonly now: () => Date;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

const LOOK_EVERY_MS = 300_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How many assets one step looks at. */
const ASSETS_STEP = 1_000;
/** Ten million assets; what is beyond them waits for the next round. */
const ASSET_STEPS_MAX = 10_000;

/** Removes once what is kept no longer: files, tasks with their callbacks, secrets that were replaced. */
export async function retire(ports: RetentionPorts, signal: AbortSignal): Promise<void> {
  const { pool, assets, secrets, now, logger } = ports;
  const files = await retireFiles(assets, new Date(now().getTime() - LIMITS.assetDays * DAY_MS), signal);
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

async function retireFiles(assets: AssetStore, before: Date, signal: AbortSignal): Promise<number> {
  let deleted = 0;
  let cursor: string | undefined;
  for (let steps = 0; steps < ASSET_STEPS_MAX && !signal.aborted; steps += 1) {
    const step = await retireAssets(assets, { before, limit: ASSETS_STEP, cursor });
    deleted += step.deleted;
    cursor = step.next;
    if (cursor === undefined) break;
  }
  return deleted;
}
