import type { Bus } from '@bytespike/bus';
import { configuration } from '@bytespike/contracts';
import { ulid } from 'ulid';

/** An account may have more keys than fit into one message. */
const DIGESTS_PER_FACT = 1_000;

/** Tells whoever caches keys to drop these. A change counts as made only when this has been stated. */
export class KeyChanges {
  constructor(private readonly bus: Bus) {}

  async announce(digests: readonly string[]): Promise<void> {
    for (let from = 0; from < digests.length; from += DIGESTS_PER_FACT) {
      const keyDigests = digests.slice(from, from + DIGESTS_PER_FACT);
      await this.bus.publish(configuration.keyChanged, { changeId: ulid(), keyDigests });
    }
  }
}
