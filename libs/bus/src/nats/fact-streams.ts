import type { TopicContract } from '@bytespike/contracts';
import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';

import { BUS_LIMITS } from '../bus-limits.js';

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;
/** JetStream's answer when a stream of this name exists with other settings. */
const STREAM_NAME_IN_USE = 10_058;
/** JetStream's answer when its disk has not the room that all streams may take. */
const STORAGE_EXCEEDED = 10_047;

/** How a topic's stream is kept, by who hears it (contracts, `delivery`). */
const KEPT: Record<TopicContract['delivery'], Partial<StreamConfig>> = {
  // Until handled, and never dropped for age or room: a full stream refuses the publisher, who then knows.
  queue: { retention: RetentionPolicy.Workqueue, discard: DiscardPolicy.New, max_bytes: 1024 * MIB },
  // News: long enough for an instance that is reconnecting.
  broadcast: {
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_bytes: 64 * MIB,
    max_age: nanos(60 * MINUTE_MS),
  },
};

export const streamName = (topic: TopicContract): string => `FACTS_${topic.subject.replaceAll('.', '_')}`;

export const PARKED_STREAM = 'PARKED';
export const parkedSubject = (topic: TopicContract): string => `parked.${topic.subject}`;

/** One stream for each topic: nobody has to know all of an owner's topics to keep one of them. */
export const topicStream = (topic: TopicContract): StreamSettings => ({
  ...KEPT[topic.delivery],
  name: streamName(topic),
  subjects: [topic.subject],
});

/** Facts that could not be handled, for an operator: `nats stream view PARKED`. */
export const PARKED: StreamSettings = {
  name: PARKED_STREAM,
  subjects: ['parked.>'],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_bytes: 256 * MIB,
  max_age: nanos(30 * 24 * 60 * MINUTE_MS),
};

type StreamSettings = Partial<StreamConfig> & { readonly name: string };

/**
 * Creates a stream, or brings the one there is to these settings; safe to repeat and to race. Throws JetStream's error, in
 * words of an operator where it is the disk.
 */
export async function ensureStream(manager: JetStreamManager, settings: StreamSettings): Promise<void> {
  const config = {
    ...settings,
    storage: StorageType.File,
    max_msg_size: BUS_LIMITS.messageBytesMax,
    // NATS discourages more; the real guard is the handler's own idempotency.
    duplicate_window: nanos(2 * MINUTE_MS),
  };
  try {
    await manager.streams.add(config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error;
    if (error.code === STORAGE_EXCEEDED) throw withoutRoom(settings, error);
    if (error.code !== STREAM_NAME_IN_USE) throw error;
    await manager.streams.update(config.name, config);
  }
}

/** It sets aside what each stream may take when the stream is made, so this is met by a start and not by a bad day. */
const withoutRoom = ({ name, max_bytes: bytes = 0 }: StreamSettings, cause: JetStreamApiError): Error =>
  new Error(`NATS has no room for the stream ${name}, which may take ${Math.ceil(bytes / MIB)} MiB of its disk`, {
    cause,
  });
