import type { TopicContract } from '@bytespike/contracts';
import { metrics } from '@bytespike/telemetry';
import type { JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';

import type { BusLogger } from '../bus.js';
import { ensureStream, PARKED, parkedSubject } from './fact-streams.js';

/** What is taken out of the way, and where it was. */
export interface ParkedFact {
  readonly message: JsMsg;
  /** Which fact of the message; `whole` when nobody could tell them apart. */
  readonly place: number | 'whole';
  readonly what: Uint8Array | string;
}

const WHY_HEADER = 'Gw-Parked-Because';

/** Takes facts that nobody can handle out of the way, without losing them: kept in a stream of their own, counted, logged. */
export class FactParking {
  private ensured: Promise<void> | undefined;

  constructor(
    private readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly logger: BusLogger,
  ) {}

  /**
   * Keeps a copy; `what` is a fact of the message or the whole of it, and `place` tells them apart. Only when this has
   * answered `parked` may the fact leave its own stream.
   */
  async park(
    topic: TopicContract,
    consumer: string,
    { message, place, what }: ParkedFact,
    why: unknown,
  ): Promise<'parked' | 'not-parked'> {
    const wire = headers();
    wire.set(WHY_HEADER, why instanceof Error ? why.name : 'unknown');
    this.ensured ??= ensureStream(this.manager, PARKED);
    const fields = { subject: topic.subject, sequence: message.seq, place };
    try {
      await this.ensured;
      const msgID = `${topic.subject} ${message.seq} ${place}`;
      await this.client.publish(parkedSubject(topic), what, { msgID, headers: wire });
    } catch (error) {
      this.ensured = undefined;
      this.logger.error({ err: error, ...fields }, 'a fact could not be parked');
      return 'not-parked';
    }
    metrics.busParked.inc({ consumer });
    this.logger.error({ err: why, ...fields, consumer }, 'a fact was parked');
    return 'parked';
  }
}
