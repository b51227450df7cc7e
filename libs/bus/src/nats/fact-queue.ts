import type { TopicContract } from '@bytespike/contracts';
import { GatewayError, TransientSet } from '@bytespike/kernel';
import { metrics } from '@bytespike/telemetry';
import { AckPolicy, DeliverPolicy, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';

import { BUS_LIMITS } from '../bus-limits.js';
import type { BusLogger, QueueOptions } from '../bus.js';
import { splitFacts } from './fact-message.js';
import type { FactParking, ParkedFact } from './fact-parking.js';
import { streamName } from './fact-streams.js';
import { decodeJson, textOf } from './wire-json.js';

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

/** A message under way, until each of its facts has been dealt with. */
interface Parcel {
  readonly message: JsMsg;
  readonly deliveryCount: number;
  open: number;
  /** Whether one of its facts must come again; then all of them do. */
  comesAgain: boolean;
}

interface Fact {
  readonly parcel: Parcel;
  readonly place: number;
  readonly json: unknown;
  readonly payload: unknown;
}

/** What is parked of a message, and why. */
interface Unreadable {
  readonly place: ParkedFact['place'];
  readonly what: ParkedFact['what'];
  readonly why: unknown;
}

/**
 * Hands facts to the handler in batches: what came while the last batch was handled, or lingered, is the next one.
 * Acknowledged when the handler resolves; on failure they come again after a growing delay, and are parked after the last
 * try. Facts of one message are acknowledged together, so one that comes again brings the others, which the handler knows
 * already.
 */
export class FactQueue {
  private readonly held = new TransientSet<JsMsg>();
  private waiting: JsMsg[] = [];
  private ready: Fact[] = [];
  private working: Promise<void> | undefined;
  private readonly renewal: NodeJS.Timeout;
  private readonly batchMax: number;
  private readonly deliveriesMax: number;
  private lastBatch = 0;
  private endLinger: () => void = () => undefined;

  constructor(private readonly parts: FactQueueParts) {
    this.batchMax = parts.options.batchMax ?? BUS_LIMITS.factBatchMax;
    this.deliveriesMax = parts.options.deliveriesMax ?? BUS_LIMITS.factDeliveriesMax;
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
    this.endLinger();
    await this.working;
    clearInterval(this.renewal);
  }

  private async work(): Promise<void> {
    while (this.waiting.length + this.ready.length > 0) {
      await this.gather();
      for (let next: JsMsg | undefined; this.ready.length < this.batchMax && (next = this.waiting.shift());) {
        const parking = this.unpack(next);
        if (parking) await parking;
      }
      const facts = this.ready.splice(0, this.batchMax);
      this.lastBatch = facts.length;
      await this.handle(facts);
    }
  }

  /** Facts that come one by one have no company to wait for, and a batch that was full says that more have come meanwhile. */
  private gather(): Promise<unknown> {
    const { lingerMs = 0 } = this.parts.options;
    if (lingerMs > 0 && this.lastBatch > 1 && this.lastBatch < this.batchMax)
      return new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lingerMs);
        this.endLinger = () => (clearTimeout(timer), resolve());
      });
    // Messages of one read of the socket arrive one by one within this turn.
    return new Promise(setImmediate);
  }

  private async handle(facts: readonly Fact[]): Promise<void> {
    if (facts.length === 0) return;
    const error = await this.attempt(facts);
    if (error === undefined) return facts.forEach(({ parcel }) => this.dealtWith(parcel));
    // A failure that another time would not mend may be one fact's fault: alone, it does not hold up the others.
    if (facts.length === 1 || error.traits.retry !== 'never') return this.returnAll(facts, error);
    for (const fact of facts) {
      const own = await this.attempt([fact]);
      if (own === undefined) this.dealtWith(fact.parcel);
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
    const { topic, logger } = this.parts;
    logger.warn({ err: error, subject: topic.subject, facts: facts.length }, 'facts could not be handled');
    for (const { parcel, place, json } of facts) {
      if (parcel.deliveryCount >= this.deliveriesMax) await this.park(parcel, place, JSON.stringify(json), error);
      else parcel.comesAgain = true;
      this.dealtWith(parcel);
    }
  }

  /**
   * A fact that does not match its contract never will: it is parked at once, and so is one that kills processes. Nothing
   * is to be waited for where nothing is parked.
   */
  private unpack(message: JsMsg): void | Promise<void> {
    const { deliveryCount } = message.info;
    if (deliveryCount > 1) metrics.busRedeliveries.inc({ consumer: this.parts.options.name });
    // Open by one more than its facts until all of them are known.
    const parcel: Parcel = { message, deliveryCount, open: 1, comesAgain: false };
    const unreadable: Unreadable[] = [];
    try {
      if (deliveryCount > this.deliveriesMax) throw new Error('delivered too often without an answer');
      splitFacts(textOf(message.data)).forEach((json, place) => {
        const why = this.read(parcel, place, json);
        if (why) unreadable.push({ place, what: JSON.stringify(json), why });
      });
    } catch (why) {
      unreadable.push({ place: 'whole', what: message.data, why });
    }
    if (unreadable.length > 0) return this.parkAll(parcel, unreadable);
    this.dealtWith(parcel);
  }

  /** Makes a fact ready to be handled, or says why it cannot be read. */
  private read(parcel: Parcel, place: number, json: unknown): GatewayError | undefined {
    const { subject, payload: schema } = this.parts.topic;
    try {
      const payload = decodeJson(schema, json, `the fact ${subject}`, 'invalid-request');
      parcel.open += 1;
      this.ready.push({ parcel, place, json, payload });
      return undefined;
    } catch (thrown) {
      return GatewayError.from(thrown);
    }
  }

  private async parkAll(parcel: Parcel, unreadable: readonly Unreadable[]): Promise<void> {
    for (const { place, what, why } of unreadable) await this.park(parcel, place, what, why);
    this.dealtWith(parcel);
  }

  private async park(parcel: Parcel, place: ParkedFact['place'], what: ParkedFact['what'], why: unknown) {
    const { parking, topic, options } = this.parts;
    const done = await parking.park(topic, options.name, { message: parcel.message, place, what }, why);
    if (done === 'not-parked') parcel.comesAgain = true;
  }

  private dealtWith(parcel: Parcel): void {
    parcel.open -= 1;
    if (parcel.open > 0) return;
    const { message, deliveryCount, comesAgain } = parcel;
    const { retryDelayMs = BUS_LIMITS.factRetryDelayMs } = this.parts.options;
    this.held.delete(message);
    if (comesAgain) message.nak(Math.min(retryDelayMs * 2 ** (deliveryCount - 1), BUS_LIMITS.factRetryDelayMsMax));
    else message.ack();
  }
}
