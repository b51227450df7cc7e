import { createHash } from 'node:crypto';

import { connect } from '@nats-io/transport-node';

import { query } from './ledger.js';
import { platform } from './platform.js';

interface Price {
  readonly id: string;
  readonly model: string;
  readonly effectiveFrom: string;
  readonly usdPerMillion: Readonly<Record<string, string>>;
}
interface Catalogue {
  readonly prices: readonly Price[];
}

/**
 * Sells a model at other prices from now on, as whoever publishes a catalogue does. Answers the new version's id, and what
 * was asked before.
 */
export async function changePrice(
  model: string,
  usdPerMillion: Price['usdPerMillion'],
): Promise<{ readonly id: string; readonly before: Price['usdPerMillion'] }> {
  const [newest] = await query<{ document: Catalogue }>(
    'SELECT document FROM catalog.snapshot ORDER BY version DESC LIMIT 1',
  );
  const earlier = newest?.document.prices.findLast((price) => price.model === model);
  if (!newest || !earlier) throw new Error(`${model} has no price`);
  const id = `${model}@${crypto.randomUUID()}`;
  const price = { ...earlier, id, usdPerMillion: { ...earlier.usdPerMillion, ...usdPerMillion } };
  const document = JSON.stringify({ ...newest.document, prices: [...newest.document.prices, price] });
  const hash = createHash('sha256').update(document).digest('hex');
  const [published] = await query<{ version: number }>(
    'INSERT INTO catalog.snapshot (document, hash) VALUES ($1, $2) RETURNING version',
    [document, hash],
  );
  const nats = await connect({ servers: platform.urls.nats });
  nats.publish('configuration.v1.snapshot-published', JSON.stringify({ version: published?.version }));
  await nats.drain();
  return { id, before: earlier.usdPerMillion };
}
