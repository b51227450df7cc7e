import { setTimeout as delay } from 'node:timers/promises';

import type { Bus } from '@bytespike/bus';
import { configuration } from '@bytespike/contracts';
import type { Logger } from '@bytespike/telemetry';

import type { ChannelDirectory } from './channel-directory.js';

const RETRY_FIRST_MS = 200;
const RETRY_MAX_MS = 10_000;

export interface CatalogueKeeper {
  /** Resolves when a first catalogue is in use, or at `stop`. */
  readonly first: Promise<void>;
  stop(): Promise<void>;
}

/** Reads the catalogue until it is there, and again whenever a new one is published. The last good one stays in use. */
export async function keepCatalogue(bus: Bus, channels: ChannelDirectory, logger: Logger): Promise<CatalogueKeeper> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const heard = await bus.subscribe(configuration.snapshotPublished, { mode: 'broadcast' }, () => channels.refresh());
  const readFirst = async (): Promise<void> => {
    for (
      let waitMs = RETRY_FIRST_MS;
      !signal.aborted && !channels.ready();
      waitMs = Math.min(2 * waitMs, RETRY_MAX_MS)
    ) {
      try {
        await channels.refresh();
      } catch (error) {
        logger.warn({ err: error, retryInMs: waitMs }, 'the catalogue cannot be read');
        // Stopped while waiting: the loop's condition ends it.
        await delay(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  return {
    first: readFirst(),
    stop: async () => {
      stopping.abort();
      await heard.stop();
    },
  };
}
