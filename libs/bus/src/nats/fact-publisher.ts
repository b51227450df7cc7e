import type { TopicContract } from '@bytespike/contracts';
import { isJsonObject, tryParseJson } from '@bytespike/kernel';
import type { JetStreamManager } from '@nats-io/jetstream';
import { headers, type Msg } from '@nats-io/nats-core';
import type { z } from 'zod';

import { BUS_LIMITS } from '../bus-limits.js';
import { unavailable } from '../errors.js';
import { FactOutbox, type FactBatch } from './fact-outbox.js';
import { ensureStream, topicStream } from './fact-streams.js';
import { isNoResponders, type Link } from './link.js';
import { pause } from './pause.js';
import { encodeValue, textOf } from './wire-json.js';

const RETRY_DELAY_MS = 200;
/** By this header JetStream recognises a message it has stored already. */
const MESSAGE_ID_HEADER = 'Nats-Msg-Id';

/** States facts: done when JetStream says it has stored them. The message id makes a repeat harmless. */
export class FactPublisher {
  private readonly ensured = new Map<string, Promise<void>>();
  private readonly outboxes = new Map<string, FactOutbox>();

  constructor(
    private readonly link: Link,
    private readonly manager: JetStreamManager,
  ) {}

  async publish<T extends TopicContract>(topic: T, payload: z.output<T['payload']>): Promise<string> {
    const text = encodeValue(topic.payload, payload, `the fact ${topic.subject}`);
    const outbox = this.outboxes.get(topic.subject) ?? this.openOutbox(topic);
    await outbox.add(topic.dedupeBy(payload), text);
    return text;
  }

  /** Resolves when what has been stated so far is stored, or has failed. */
  async flush(): Promise<void> {
    await Promise.all([...this.outboxes.values()].map((outbox) => outbox.flush()));
  }

  private openOutbox(topic: TopicContract): FactOutbox {
    const outbox = new FactOutbox({
      subject: topic.subject,
      // News is waited for; work is done a little later just as well.
      lingerMs: topic.delivery === 'queue' ? BUS_LIMITS.factLingerMs : 0,
      messageBytesMax: this.link.messageBytesMax,
      store: (batch) => this.store(topic, batch),
    });
    this.outboxes.set(topic.subject, outbox);
    return outbox;
  }

  private async store(topic: TopicContract, batch: FactBatch): Promise<void> {
    let failure: unknown;
    for (let tries = 1; tries <= BUS_LIMITS.publishTriesMax; tries += 1) {
      failure = await this.attempt(topic, batch);
      if (failure === undefined) return;
      // The stream may have gone with its server's disk; the next try makes it anew.
      this.ensured.delete(topic.subject);
      if (tries < BUS_LIMITS.publishTriesMax) await pause(RETRY_DELAY_MS * 2 ** (tries - 1));
    }
    throw unavailable(topic.subject, `the fact was not stored: ${String(failure)}`);
  }

  /** One try; returns what went wrong. */
  private async attempt(topic: TopicContract, batch: FactBatch): Promise<unknown> {
    if (!this.link.isUp) return 'not connected to NATS';
    try {
      await this.ensure(topic);
      return await this.send(topic.subject, batch);
    } catch (error) {
      return error;
    }
  }

  /** Over the inbox of our calls: the client's own `request` makes an error with a stack for each, needed or not. */
  private send(subject: string, { text, messageId }: FactBatch): Promise<unknown> {
    return new Promise((resolve) => {
      const settle = (failure: unknown): void => {
        clearTimeout(timer);
        this.link.close(address);
        resolve(failure);
      };
      const address = this.link.open({ receive: (message) => settle(refusalIn(message)), lost: settle });
      const timer = setTimeout(() => settle('JetStream did not answer in time'), BUS_LIMITS.publishTimeoutMs);
      const wire = headers();
      wire.set(MESSAGE_ID_HEADER, messageId);
      this.link.send(subject, text, { reply: address, headers: wire });
    });
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

/** JetStream's answer names the stream that has the message, or says why none has. */
function refusalIn(message: Msg): unknown {
  if (isNoResponders(message)) return 'JetStream does not answer';
  const answer = tryParseJson(textOf(message.data));
  if (!isJsonObject(answer)) return 'JetStream answered in a way that cannot be read';
  const { stream, error } = answer;
  if (typeof stream === 'string' && stream !== '' && error === undefined) return undefined;
  return isJsonObject(error) ? `JetStream refused: ${String(error['description'])}` : 'JetStream named no stream';
}
