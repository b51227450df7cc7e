import type { Bus } from '@bytespike/bus';
import { configuration } from '@bytespike/contracts';
import { ulid } from 'ulid';

/** Tells whoever caches keys to drop these. A change counts as made only when this has been stated. */
export class KeyChanges {
  constructor(private readonly bus: Bus) {}

  announce(subjectId: string, digests: readonly string[]): Promise<void> {
    return this.bus.publish(configuration.keyChanged, { changeId: ulid(), keyId: subjectId, keyDigests: [...digests] });
  }
}
