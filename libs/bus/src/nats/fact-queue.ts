import type { TopicContract } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { metrics } from '@bytespike/telemetry';
import { AckPolicy, DeliverPolicy, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';

import { BUS_LIMITS } from '../bus-limits.js';
import type { BusLogger, QueueOptions } from '../bus.js';
import type { FactParking } from './fact-parking.js';
import { streamName } from './fact-streams.js';
import { decodeValue, textOf } from './wire-json.js';

/** How long a fact may be with one instance unseen; renewed while it waits or is handled. */
const ACK_WAIT_MS = 30_000;
const RENEW_EVERY_MS = ACK_WAIT_MS / 3;
const ACK_PENDING_MAX = 5_000;
/** Deliveries that ended in a crash of the process are counted too, hence more than our own tries. */
const CRASHES_MAX = 10;

/** Creates the durable consumer of a queue group, or brings it to these settings. */
export async function ensureQueueConsumer(manager: JetStreamManager, topic: TopicContract, options: QueueOptions) {
  const deliveriesMax = options.deliveriesMax ?? BUS_LIMITS.factDeliveriesMax;
  const settings = {
    filter_subject: topic.subject,
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: ACK_PENDING_MAX,
    max_deliver: deliveriesMax + CRASHES_MAX,
  };
  const stream = streamName(topic);
  const existing = await manager.consumers.info(stream, options.name).catch(() => undefined);
  if (existing) return manager.consumers.update(stream, options.name, settings);
  return manager.consumers.add(stream, {
    ...settings,
    durable_name: options.name,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
  });
}

export interface FactQueueParts {
  readonly topic: TopicContract;
  readonly options: QueueOptions;
  readonly handler: (payloads: readonly unknown[]) => Promise<void>;
  readonly parking: FactParking;
  readonly logger: BusLogger;
}

interface Fact {
  readonly message: JsMsg;
  readonly payload: unknown;
}

/**
 * Hands facts to the handler in batches: what came while the last batch was handled is the next one. Acknowledged when
 * the handler resolves; on failure they come again after a growing delay, and are parked after the last try.
 */
export class FactQueue {
  private readonly held = new Set<JsMsg>();
  private waiting: JsMsg[] = [];
  private working: Promise<void> | undefined;
  private readonly renewal: NodeJS.Timeout;

  constructor(private readonly parts: FactQueueParts) {
    this.renewal = setInterval(() => {
      for (const message of this.held) message.working();
    }, RENEW_EVERY_MS);
  }

  take(message: JsMsg): void {
    this.held.add(message);
    this.waiting.push(message);
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
  }

  /** Gives back what has not been begun, and waits for what has. */
  async stop(): Promise<void> {
    const waiting = this.waiting;
    this.waiting = [];
    for (const message of waiting) message.nak();
    await this.working;
    clearInterval(this.renewal);
  }

  private async work(): Promise<void> {
    const batchMax = this.parts.options.batchMax ?? BUS_LIMITS.factBatchMax;
    while (this.waiting.length > 0) {
      // Facts of one read of the socket arrive one by one within this turn.
      await new Promise(setImmediate);
      const batch = this.waiting.splice(0, batchMax);
      await this.handle(batch);
      for (const message of batch) this.held.delete(message);
    }
  }

  private async handle(batch: readonly JsMsg[]): Promise<void> {
    const facts: Fact[] = [];
    for (const message of batch) {
      const fact = await this.read(message);
      if (fact) facts.push(fact);
    }
    if (facts.length === 0) return;
    const error = await this.attempt(facts);
    if (error === undefined) return facts.forEach(({ message }) => message.ack());
    // A failure that another time would not mend may be one fact's fault: alone, it does not hold up the others.
    if (facts.length === 1 || error.traits.retry !== 'never') return this.returnAll(facts, error);
    for (const fact of facts) {
      const own = await this.attempt([fact]);
      if (own === undefined) fact.message.ack();
      else await this.returnAll([fact], own);
    }
  }

  private async attempt(facts: readonly Fact[]): Promise<GatewayError | undefined> {
    try {
      await this.parts.handler(facts.map(({ payload }) => payload));
      return undefined;
    } catch (thrown) {
      return GatewayError.from(thrown);
    }
  }

  private async returnAll(facts: readonly Fact[], error: GatewayError): Promise<void> {
    const { topic, options, logger } = this.parts;
    const { deliveriesMax = BUS_LIMITS.factDeliveriesMax, retryDelayMs = BUS_LIMITS.factRetryDelayMs } = options;
    logger.warn({ err: error, subject: topic.subject, facts: facts.length }, 'facts could not be handled');
    for (const { message } of facts) {
      const { deliveryCount } = message.info;
      if (deliveryCount >= deliveriesMax) await this.park(message, error);
      else message.nak(Math.min(retryDelayMs * 2 ** (deliveryCount - 1), BUS_LIMITS.factRetryDelayMaxMs));
    }
  }

  /** A fact that does not match its contract never will: it is parked at once, and so is one that kills processes. */
  private async read(message: JsMsg): Promise<Fact | undefined> {
    const { topic, options } = this.parts;
    const { deliveriesMax = BUS_LIMITS.factDeliveriesMax, name } = options;
    const { deliveryCount } = message.info;
    if (deliveryCount > 1) metrics.busRedeliveries.inc({ consumer: name });
    if (deliveryCount > deliveriesMax) {
      await this.park(message, new Error('delivered too often without an answer'));
      return undefined;
    }
    try {
      const text = textOf(message.data);
      return { message, payload: decodeValue(topic.payload, text, `the fact ${topic.subject}`, 'invalid-request') };
    } catch (error) {
      await this.park(message, error);
      return undefined;
    }
  }

  private park(message: JsMsg, why: unknown): Promise<void> {
    return this.parts.parking.park(this.parts.topic, this.parts.options.name, message, why);
  }
}
