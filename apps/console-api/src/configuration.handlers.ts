import type { configuration, HandlersFor } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import type { CatalogueStore } from './catalogue-store.js';

/** Dynamic configuration for its readers. Vendor credentials leave here sealed. */
export const configurationHandlers = (store: CatalogueStore): HandlersFor<typeof configuration> => ({
  snapshot: async () => {
    const newest = await store.newest();
    if (!newest) throw new GatewayError('unavailable', 'no catalogue has been published yet');
    return newest;
  },
  credentials: async ({ channelId }) => {
    const rows = await store.credentialsOf(channelId);
    return { credentials: rows.map(({ id, weight, sealed }) => ({ credentialId: id, weight, sealed })) };
  },
});
