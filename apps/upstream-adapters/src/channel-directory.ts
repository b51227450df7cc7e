import type { CatalogueDocument, Channel, MediaChannel } from '@bytespike/catalog';
import { configuration, type CallContext, type ClientFor } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { unseal } from '@bytespike/secrets';
import type { CatalogueReader } from '@bytespike/snapshot';
import type { Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

import type { Credential } from './domain/credential-choice.js';

/** The channels that may be called, and their credentials, opened. */
export interface ChannelDirectory {
  /** Throws `unavailable` before the first catalogue, and for a channel it lacks. */
  channel(id: string): Channel;
  /** The same among the channels of pictures and films. */
  mediaChannel(id: string): MediaChannel;
  /** The last good ones are kept while nobody answers. Throws `unavailable` when there never were any. */
  credentials(channelId: string): readonly Credential[] | Promise<readonly Credential[]>;
  /** Whether an operator has configured this origin. */
  mayCall(origin: string): boolean;
}

/** What the adapters keep of a catalogue. */
export interface ChannelTable {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly mediaChannels: ReadonlyMap<string, MediaChannel>;
  readonly origins: ReadonlySet<string>;
}

export const channelTable = ({ channels, mediaChannels }: CatalogueDocument): ChannelTable => ({
  channels: new Map(channels.map((channel) => [channel.id, channel])),
  mediaChannels: new Map(mediaChannels.map((channel) => [channel.id, channel])),
  origins: new Set([...channels, ...mediaChannels].map(({ address }) => new URL(address).origin)),
});

interface Kept {
  readonly credentials: readonly Credential[];
  readonly readAt: number;
  /** The catalogue they were read under: a newer one may have replaced them. */
  readonly table: ChannelTable | undefined;
}

/** A credential that was replaced must stop being used even if the news of it is lost. */
const CREDENTIALS_FRESH_MS = 60_000;

export interface ChannelDirectoryPorts {
  readonly credentials: ClientFor<typeof configuration>['credentials'];
  readonly catalogue: Pick<CatalogueReader<ChannelTable>, 'current'>;
  readonly sealingKey: Buffer;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Credentials are read when they are first needed, again in the background when stale, and one read at a time each. */
export function createChannelDirectory(ports: ChannelDirectoryPorts): ChannelDirectory {
  const { catalogue, sealingKey, logger, now } = ports;
  const kept = new Map<string, Kept>();
  const reading = new Map<string, Promise<readonly Credential[]>>();

  const read = async (channelId: string): Promise<readonly Credential[]> => {
    const table = catalogue.current();
    const { credentials: sealed } = await ports.credentials({ channelId }, callContext(now()));
    const credentials = sealed.flatMap(({ credentialId: id, weight, sealed: text }) => {
      try {
        return [{ id, weight, secret: unseal(text, id, sealingKey) }];
      } catch (error) {
        logger.error({ err: error, channelId, credentialId: id }, 'a credential cannot be opened');
        return [];
      }
    });
    kept.set(channelId, { credentials, readAt: now(), table });
    return credentials;
  };
  const readOnce = (channelId: string): Promise<readonly Credential[]> => {
    const running = reading.get(channelId) ?? read(channelId).finally(() => reading.delete(channelId));
    reading.set(channelId, running);
    return running;
  };
  const isStale = ({ readAt, table }: Kept): boolean =>
    now() - readAt > CREDENTIALS_FRESH_MS || table !== catalogue.current();

  return {
    channel: (id) => configured(catalogue.current()?.channels, id),
    mediaChannel: (id) => configured(catalogue.current()?.mediaChannels, id),
    credentials(channelId) {
      const known = kept.get(channelId);
      if (known === undefined) return readOnce(channelId);
      // Old ones are served until new ones have been read, so a configuration change is no outage.
      if (isStale(known))
        readOnce(channelId).catch((error: unknown) => {
          logger.warn({ err: error, channelId }, 'credentials cannot be read again; the last good ones stay');
          kept.set(channelId, { ...known, readAt: now(), table: catalogue.current() });
        });
      return known.credentials;
    },
    mayCall: (origin) => catalogue.current()?.origins.has(origin) ?? false,
  };
}

function configured<One>(channels: ReadonlyMap<string, One> | undefined, id: string): One {
  const channel = channels?.get(id);
  if (channel === undefined) throw new GatewayError('unavailable', `the catalogue in use has no channel ${id}`);
  return channel;
}

const callContext = (now: number): CallContext => ({
  requestId: ulid(),
  deadline: now + configuration.credentials.timeoutMs,
  signal: new AbortController().signal,
});
