import type { TopicContract } from '@bytespike/contracts';
import { metrics } from '@bytespike/telemetry';
import type { JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';

import type { BusLogger } from '../bus.js';
import { ensureStream, PARKED, parkedSubject } from './fact-streams.js';

const WHY_HEADER = 'Gw-Parked-Because';

/** Takes facts that nobody can handle out of the way, without losing them: kept in a stream of their own, counted, logged. */
export class FactParking {
  private ensured: Promise<void> | undefined;

  constructor(
    private readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly logger: BusLogger,
  ) {}

  /** The fact leaves its own stream only when the copy is stored. */
  async park(topic: TopicContract, consumer: string, message: JsMsg, why: unknown): Promise<void> {
    const wire = headers();
    wire.set(WHY_HEADER, why instanceof Error ? why.name : 'unknown');
    this.ensured ??= ensureStream(this.manager, PARKED);
    const msgID = `${topic.subject} ${message.seq}`;
    try {
      await this.ensured;
      await this.client.publish(parkedSubject(topic), message.data, { msgID, headers: wire });
    } catch (error) {
      this.ensured = undefined;
      this.logger.error({ err: error, subject: topic.subject, sequence: message.seq }, 'a fact could not be parked');
      return message.nak();
    }
    message.term('parked');
    metrics.busParked.inc({ consumer });
    this.logger.error({ err: why, subject: topic.subject, sequence: message.seq, consumer }, 'a fact was parked');
  }
}
