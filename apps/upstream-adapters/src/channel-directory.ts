import { CatalogueDocument, validateCatalogue, type Channel } from '@bytespike/catalog';
import { configuration, type CallContext, type ClientFor } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { unseal } from '@bytespike/secrets';
import { metrics, type Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

import type { Credential } from './domain/credential-choice.js';

/** The channels that may be called, and their credentials, opened. */
export interface ChannelDirectory {
  /** Throws `unavailable` before the first catalogue, and for a channel it lacks. */
  channel(id: string): Channel;
  /** The last good ones are kept while nobody answers. Throws `unavailable` when there never were any. */
  credentials(channelId: string): Promise<readonly Credential[]>;
  /** Whether an operator has configured this origin. */
  mayCall(origin: string): boolean;
  ready(): boolean;
  /** Reads the catalogue again; credentials are read again when they are next needed. */
  refresh(): Promise<void>;
}

interface Kept {
  readonly credentials: readonly Credential[];
  readonly readAt: number;
}

/** A credential that was replaced must stop being used even if the news of it is lost. */
const CREDENTIALS_FRESH_MS = 60_000;

export interface ChannelDirectoryPorts {
  readonly configuration: ClientFor<typeof configuration>;
  readonly sealingKey: Buffer;
  readonly logger: Logger;
  readonly now: () => number;
}

export function createChannelDirectory(ports: ChannelDirectoryPorts): ChannelDirectory {
  const { configuration: source, sealingKey, logger, now } = ports;
  let channels = new Map<string, Channel>();
  let origins = new Set<string>();
  let version = -1;
  const kept = new Map<string, Kept>();
  const reading = new Map<string, Promise<readonly Credential[]>>();

  const read = async (channelId: string): Promise<readonly Credential[]> => {
    const { credentials: sealed } = await source.credentials({ channelId }, callContext(now()));
    const credentials = sealed.flatMap(({ credentialId: id, weight, sealed: text }) => {
      try {
        return [{ id, weight, secret: unseal(text, id, sealingKey) }];
      } catch (error) {
        logger.error({ err: error, channelId, credentialId: id }, 'a credential cannot be opened');
        return [];
      }
    });
    kept.set(channelId, { credentials, readAt: now() });
    return credentials;
  };
  const readOnce = (channelId: string): Promise<readonly Credential[]> => {
    const running = reading.get(channelId) ?? read(channelId).finally(() => reading.delete(channelId));
    reading.set(channelId, running);
    return running;
  };

  return {
    channel(id) {
      const channel = channels.get(id);
      if (channel === undefined) throw new GatewayError('unavailable', `the catalogue in use has no channel ${id}`);
      return channel;
    },
    async credentials(channelId) {
      const known = kept.get(channelId);
      if (known === undefined) return readOnce(channelId);
      if (now() - known.readAt > CREDENTIALS_FRESH_MS)
        readOnce(channelId).catch((error: unknown) => {
          logger.warn({ err: error, channelId }, 'credentials cannot be read again; the last good ones stay');
          kept.set(channelId, { ...known, readAt: now() });
        });
      return known.credentials;
    },
    mayCall: (origin) => origins.has(origin),
    ready: () => version >= 0,
    async refresh() {
      const snapshot = await source.snapshot({}, callContext(now()));
      if (snapshot.version < version) return;
      const problems = validateCatalogue(snapshot.catalogue);
      if (problems.length > 0) {
        metrics.snapshotRejected.inc({ service: 'upstream-adapters' });
        logger.error({ version: snapshot.version, problems: problems.slice(0, 10) }, 'a catalogue was refused');
        return;
      }
      const document = CatalogueDocument.parse(snapshot.catalogue);
      channels = new Map(document.channels.map((channel) => [channel.id, channel]));
      origins = new Set(document.channels.map(({ address }) => new URL(address).origin));
      version = snapshot.version;
      // Old ones are served until new ones have been read, so a configuration change is no outage.
      for (const [channelId, { credentials }] of kept)
        if (channels.has(channelId)) kept.set(channelId, { credentials, readAt: 0 });
        else kept.delete(channelId);
      metrics.snapshotVersion.set({ service: 'upstream-adapters' }, version);
      logger.info({ version }, 'catalogue in use');
    },
  };
}

const callContext = (now: number): CallContext => ({
  requestId: ulid(),
  deadline: now + configuration.snapshot.timeoutMs,
  signal: new AbortController().signal,
});
