import type { Bus } from '@bytespike/bus';
import { wallet, type TopicContract } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { reached } from '@bytespike/service';
import type { z } from 'zod';

import type { OutboxRow } from '../sql/outbox.js';
import type { WalletStore } from './wallet-store.js';

export interface RelayPorts {
  readonly store: Pick<WalletStore, 'waitingFacts' | 'markPublished' | 'prunePublished'>;
  readonly bus: Pick<Bus, 'publish' | 'connected'>;
  /** Told of a row that is no fact of any contract: it cannot be published, and must not stand in the way of others. */
  readonly onUnreadable: (row: OutboxRow, why: unknown) => void;
}

const BATCH_MAX = 100;
/** How long a published fact is kept, for an operator who asks what was said. */
const KEPT_MS = 7 * 86_400_000;
const PRUNED_MAX = 1_000;

const TOPICS: ReadonlyMap<string, TopicContract> = new Map(
  [wallet.credited, wallet.toppedUp, wallet.refunded, wallet.balanceLow, wallet.usageQuarantined].map((topic) => [
    topic.subject,
    topic,
  ]),
);

/**
 * Publishes what transactions have left in the outbox, one fact after the other in the order of their ids, and marks it.
 * Killed in between, it publishes again: JetStream knows a message by its id for some minutes, and whoever acts on a fact
 * knows it for longer. Several ledgers may do this side by side without a lock: each publishes a fact only after those before
 * it, so the first time that each is stored is in order, whoever was faster.
 */
export async function relayOutbox({ store, bus, onUnreadable }: RelayPorts): Promise<number> {
  let published = 0;
  for (;;) {
    if (!bus.connected()) return published;
    const rows = await store.waitingFacts(BATCH_MAX);
    const done: bigint[] = [];
    try {
      for (const row of rows) {
        await publish(row, bus, onUnreadable);
        reached('ledger.outbox.published');
        done.push(row.id);
      }
    } finally {
      // Also of a batch that broke off: what was stored is not stated again.
      if (done.length > 0) await store.markPublished(done);
    }
    published += done.length;
    if (rows.length < BATCH_MAX) break;
  }
  await store.prunePublished(KEPT_MS, PRUNED_MAX);
  return published;
}

async function publish(
  row: OutboxRow,
  bus: RelayPorts['bus'],
  onUnreadable: RelayPorts['onUnreadable'],
): Promise<void> {
  const topic = TOPICS.get(row.subject);
  const payload = topic?.payload.safeDecode(row.payload as z.input<typeof topic.payload>);
  if (!topic || !payload?.success)
    return onUnreadable(row, payload?.error ?? new GatewayError('internal', `no topic is called ${row.subject}`));
  await bus.publish(topic, payload.data);
}
