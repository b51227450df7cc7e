import type { TopicContract } from '@bytespike/contracts';
import {
  DeliverPolicy,
  type Consumer,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';

import type { BusLogger } from '../bus.js';
import { splitFacts } from './fact-message.js';
import { streamName } from './fact-streams.js';
import { decodeJson, textOf } from './wire-json.js';

/**
 * Hears every fact from the moment it began, in order, and again from where it was after a break. A handler that fails
 * is told so in the log: news has no second delivery, and whoever needs one reads the state it announces.
 */
export class FactBroadcast {
  private lastSequence: number | undefined;
  private tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly topic: TopicContract,
    private readonly handler: (payloads: readonly unknown[]) => Promise<void>,
    private readonly logger: BusLogger,
  ) {}

  async consumer(client: JetStreamClient, manager: JetStreamManager): Promise<Consumer> {
    const stream = streamName(this.topic);
    const { state } = await manager.streams.info(stream);
    // A stream that ends before where we were is another one: its server has lost its disk.
    if (this.lastSequence === undefined) this.lastSequence = state.last_seq;
    else if (state.last_seq < this.lastSequence) this.lastSequence = 0;
    return client.consumers.get(stream, {
      filter_subjects: this.topic.subject,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.lastSequence + 1,
    });
  }

  take(message: JsMsg): void {
    if (message.seq <= (this.lastSequence ?? 0)) return;
    this.lastSequence = message.seq;
    this.tail = this.tail.then(() => this.handle(message));
  }

  stop(): Promise<void> {
    return this.tail;
  }

  private async handle(message: JsMsg): Promise<void> {
    const { subject, payload } = this.topic;
    try {
      const facts = splitFacts(textOf(message.data));
      await this.handler(facts.map((fact) => decodeJson(payload, fact, `the fact ${subject}`, 'invalid-request')));
    } catch (error) {
      this.logger.error({ err: error, subject, sequence: message.seq }, 'news could not be handled');
    }
  }
}
