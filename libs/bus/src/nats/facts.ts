import type { TopicContract } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import {
  jetstream,
  jetstreamManager,
  type Consumer,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import type { z } from 'zod';

import { BUS_LIMITS } from '../bus-limits.js';
import type { BusLogger, FactHandler, Served, SubscribeOptions } from '../bus.js';
import { checkDelivery } from '../topic-delivery.js';
import { FactBroadcast } from './fact-broadcast.js';
import { FactParking } from './fact-parking.js';
import { FactPublisher } from './fact-publisher.js';
import { ensureQueueConsumer, FactQueue } from './fact-queue.js';
import { ensureStream, streamName, topicStream } from './fact-streams.js';
import type { Link } from './link.js';
import { pause, within } from './pause.js';

const RESTART_DELAY_MS = 250;
/** A pull that the server has forgotten is made again after this. */
const PULL_EXPIRES_MS = 5_000;

/** What a subscription does with its messages, however they come. */
interface Listening {
  readonly consumer: () => Promise<Consumer>;
  readonly take: (message: JsMsg) => void;
  readonly stop: () => Promise<void>;
}

/** Topics over JetStream. */
export class Facts {
  private readonly client: JetStreamClient;
  private readonly publisher: FactPublisher;
  private readonly parking: FactParking;

  constructor(
    private readonly link: Link,
    private readonly manager: JetStreamManager,
    private readonly logger: BusLogger,
  ) {
    this.client = jetstream(link.connection);
    this.publisher = new FactPublisher(link, manager);
    this.parking = new FactParking(this.client, manager, logger);
  }

  static async on(link: Link, logger: BusLogger): Promise<Facts> {
    // The manager asks for the account at once, so a server without JetStream is noticed here and not by the first fact.
    return new Facts(link, await jetstreamManager(link.connection), logger);
  }

  publish<T extends TopicContract>(topic: T, payload: z.output<T['payload']>): Promise<string> {
    return this.publisher.publish(topic, payload);
  }

  /** Resolves when what has been stated so far is stored, or has failed. */
  flush(): Promise<void> {
    return this.publisher.flush();
  }

  /** A work queue keeps exactly what has not been handled, so its oldest fact says it; when it is empty, the question does. */
  async handledUntil(topic: TopicContract): Promise<number> {
    const askedAt = Date.now();
    const { state } = await this.manager.streams.info(streamName(topic)).catch((cause: unknown) => {
      throw new GatewayError('unavailable', `${topic.subject}: its stream cannot be asked`, { cause });
    });
    return state.messages === 0 ? askedAt : Math.min(askedAt, Date.parse(state.first_ts));
  }

  async subscribe<T extends TopicContract>(
    topic: T,
    options: SubscribeOptions,
    handler: FactHandler<T>,
  ): Promise<Served> {
    checkDelivery(topic, options);
    const listening = this.listening(topic, options, handler as (payloads: readonly unknown[]) => Promise<void>);
    return new Subscription(this.link, this.logger, topic, listening).start();
  }

  private listening(
    topic: TopicContract,
    options: SubscribeOptions,
    handler: (payloads: readonly unknown[]) => Promise<void>,
  ): Listening {
    const { client, manager, parking, logger } = this;
    if (options.mode === 'broadcast') {
      const broadcast = new FactBroadcast(topic, handler, logger);
      return {
        consumer: async () => {
          await ensureStream(manager, topicStream(topic));
          return broadcast.consumer(client, manager);
        },
        take: (message) => broadcast.take(message),
        stop: () => broadcast.stop(),
      };
    }
    const queue = new FactQueue({ topic, options, handler, parking, logger });
    return {
      consumer: async () => {
        await ensureStream(manager, topicStream(topic));
        await ensureQueueConsumer(manager, topic, options);
        return client.consumers.get(streamName(topic), options.name);
      },
      take: (message) => queue.take(message),
      stop: () => queue.stop(),
    };
  }
}

/** Keeps one subscription alive: whatever ends the consumer (a restart, a lost stream) begins it again. */
class Subscription implements Served {
  private messages: ConsumerMessages | undefined;
  private stopped = false;
  private readonly forgetReconnect: () => void;

  constructor(
    link: Link,
    private readonly logger: BusLogger,
    private readonly topic: TopicContract,
    private readonly listening: Listening,
  ) {
    // The client would find out by itself, after its pull has expired; we know now.
    this.forgetReconnect = link.onReconnect(() => void this.messages?.close());
  }

  /** Resolves when it hears; rejects when it cannot begin. */
  async start(): Promise<Served> {
    this.messages = await this.consume();
    void this.keep(this.messages);
    return this;
  }

  async stop(limitMs: number = BUS_LIMITS.drainMs): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.forgetReconnect();
    await within(limitMs, this.end());
  }

  private async end(): Promise<void> {
    await this.messages?.close();
    await this.listening.stop();
  }

  private async keep(first: ConsumerMessages): Promise<void> {
    let messages: ConsumerMessages | undefined = first;
    for (;;) {
      await messages?.closed();
      if (this.stopped) return;
      messages = await this.consume().catch((error: unknown) => {
        this.logger.warn({ err: error, subject: this.topic.subject }, 'a subscription cannot begin again yet');
        return undefined;
      });
      this.messages = messages;
      if (this.stopped) return void messages?.close();
      if (!messages) await pause(RESTART_DELAY_MS);
    }
  }

  private async consume(): Promise<ConsumerMessages> {
    const consumer = await this.listening.consumer();
    return consumer.consume({
      callback: this.listening.take,
      abort_on_missing_resource: true,
      expires: PULL_EXPIRES_MS,
    });
  }
}
