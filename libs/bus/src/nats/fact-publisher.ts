import type { TopicContract } from '@bytespike/contracts';
import { traceHeaders } from '@bytespike/telemetry';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
import type { z } from 'zod';

import { BUS_LIMITS } from '../bus-limits.js';
import { unavailable } from '../errors.js';
import { ensureStream, topicStream } from './fact-streams.js';
import type { Link } from './link.js';
import { pause } from './pause.js';
import { encodeValue } from './wire-json.js';

const RETRY_DELAY_MS = 200;

/** States facts: done when JetStream says it has stored them. The message id makes a repeat harmless. */
export class FactPublisher {
  private readonly ensured = new Map<string, Promise<void>>();

  constructor(
    private readonly link: Link,
    private readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
  ) {}

  async publish<T extends TopicContract>(topic: T, payload: z.output<T['payload']>): Promise<void> {
    const text = encodeValue(topic.payload, payload, `the fact ${topic.subject}`);
    const msgID = `${topic.subject} ${topic.dedupeBy(payload)}`;
    let failure: unknown;
    for (let tries = 1; tries <= BUS_LIMITS.publishTriesMax; tries += 1) {
      failure = await this.store(topic, text, msgID);
      if (failure === undefined) return;
      // The stream may have gone with its server's disk; the next try makes it anew.
      this.ensured.delete(topic.subject);
      if (tries < BUS_LIMITS.publishTriesMax) await pause(RETRY_DELAY_MS * 2 ** (tries - 1));
    }
    throw unavailable(topic.subject, `the fact was not stored: ${String(failure)}`);
  }

  /** One try; returns what went wrong. */
  private async store(topic: TopicContract, text: string, msgID: string): Promise<unknown> {
    if (!this.link.isUp) return 'not connected to NATS';
    const wire = headers();
    for (const [name, value] of Object.entries(traceHeaders())) wire.set(name, value);
    try {
      await this.ensure(topic);
      await this.client.publish(topic.subject, text, { msgID, headers: wire, timeout: BUS_LIMITS.publishTimeoutMs });
      return undefined;
    } catch (error) {
      return error;
    }
  }

  private ensure(topic: TopicContract): Promise<void> {
    let ensured = this.ensured.get(topic.subject);
    if (!ensured) {
      ensured = ensureStream(this.manager, topicStream(topic));
      this.ensured.set(topic.subject, ensured);
    }
    return ensured;
  }
}
