import { setTimeout as delay } from 'node:timers/promises';

import { CatalogueDocument, validateCatalogue } from '@bytespike/catalog';
import { configuration, type CallContext, type ClientFor } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { metrics, type Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

const FIRST_RETRY_MS = 200;
const RETRY_MS_MAX = 10_000;

/** Who reads the catalogue, and what it makes of it. */
export interface CatalogueReaderOptions<Derived> {
  /** Who reads, for metrics. */
  readonly service: string;
  readonly snapshot: ClientFor<typeof configuration>['snapshot'];
  /** What this reader keeps of a catalogue, computed once per version. */
  readonly derive: (catalogue: CatalogueDocument) => Derived;
  readonly logger: Logger;
}

/**
 * The catalogue in use, in the form its reader needs. It is fetched until it is there, fetched again when a new version
 * is published, and judged by the function that judged it where it was written; a version that fails is kept out and
 * the last good one stays.
 */
export class CatalogueReader<Derived> {
  private derived: Derived | undefined;
  private version = -1;
  private readonly stopping = new AbortController();
  private fetching: Promise<void> | undefined;
  private wanted = 0;

  constructor(private readonly options: CatalogueReaderOptions<Derived>) {}

  /** Of the last good version; absent before the first. */
  current(): Derived | undefined {
    return this.derived;
  }

  /** As `current`; throws `unavailable` before the first version. */
  require(): Derived {
    if (this.derived !== undefined) return this.derived;
    throw new GatewayError('unavailable', 'the catalogue has not been read yet', { retryAfterMs: 1_000 });
  }

  /** A version was published; resolves when one at least as new has been judged, or at `stop`. */
  async hear(version: number): Promise<void> {
    if (version > this.version) await this.refresh();
  }

  /** Fetches until an answer has come. A refresh asked for meanwhile makes one more fetch, not a second loop. */
  async refresh(): Promise<void> {
    this.wanted += 1;
    this.fetching ??= this.fetchWhileWanted().finally(() => {
      this.fetching = undefined;
    });
    await this.fetching;
  }

  stop(): void {
    this.stopping.abort();
  }

  private async fetchWhileWanted(): Promise<void> {
    for (let served = -1; served !== this.wanted && !this.stopping.signal.aborted;) {
      served = this.wanted;
      await this.fetchUntilAnswered();
    }
  }

  private async fetchUntilAnswered(): Promise<void> {
    const { signal } = this.stopping;
    for (let waitMs = FIRST_RETRY_MS; !signal.aborted; waitMs = Math.min(2 * waitMs, RETRY_MS_MAX)) {
      try {
        const { version, catalogue } = await this.options.snapshot({}, callContext(signal));
        return this.judge(version, catalogue);
      } catch (error) {
        this.options.logger.warn({ err: error, retryInMs: waitMs }, 'the catalogue cannot be fetched');
      }
      // Aborted while waiting: the loop's condition ends it.
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private judge(version: number, catalogue: unknown): void {
    const { service, derive, logger } = this.options;
    if (version <= this.version) return;
    const problems = validateCatalogue(catalogue);
    if (problems.length > 0) {
      metrics.snapshotRejected.inc({ service });
      logger.error({ version, problems: problems.slice(0, 10), inUse: this.version }, 'a catalogue was refused');
      return;
    }
    this.derived = derive(CatalogueDocument.parse(catalogue));
    this.version = version;
    metrics.snapshotVersion.set({ service }, version);
    logger.info({ version }, 'catalogue in use');
  }
}

const callContext = (signal: AbortSignal): CallContext => ({
  requestId: ulid(),
  deadline: Date.now() + configuration.snapshot.timeoutMs,
  signal,
});
