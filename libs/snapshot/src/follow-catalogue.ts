import { setTimeout as delay } from 'node:timers/promises';

import type { Bus, Served } from '@bytespike/bus';
import { configuration } from '@bytespike/contracts';

import type { CatalogueReader } from './catalogue-reader.js';

/** Long enough for a neighbour that starts beside us, short enough not to hold up a start. */
const FIRST_FETCH_WAIT_MS = 3_000;

/**
 * Keeps a reader true to what is published, and gives it a moment to find a first version: where a catalogue is to be
 * had, the first request finds it; otherwise fetching goes on and readiness tells.
 */
export async function followCatalogue<Derived>(bus: Bus, reader: CatalogueReader<Derived>): Promise<Served> {
  const heard = await bus.subscribe(configuration.snapshotPublished, { mode: 'broadcast' }, async (published) => {
    await reader.hear(Math.max(...published.map(({ version }) => version)));
  });
  await Promise.race([reader.refresh(), delay(FIRST_FETCH_WAIT_MS, undefined, { ref: false })]);
  return {
    stop: async () => {
      reader.stop();
      await heard.stop();
    },
  };
}
