import type { TopicContract } from '@bytespike/contracts';
import { z } from 'zod';

import type { FactHandler, Served, SubscribeOptions } from '../bus.js';
import { checkDelivery } from '../topic-delivery.js';

const TRIES_MAX = 5;
const REMEMBERED_MAX = 10_000;

interface Listener {
  /** Queue subscribers of one name share the work; a broadcast subscriber is a group of one. */
  readonly group: string;
  readonly hear: (fact: unknown) => Promise<void>;
}

/**
 * Facts without JetStream, for unit tests. They cross JSON both ways, so one that cannot travel fails here first. As
 * there, a `queue` fact that nobody hears yet waits for its group, and a `broadcast` is for those that listen now.
 */
export class MemoryFacts {
  private readonly listeners = new Map<string, Listener[]>();
  private readonly kept = new Map<string, (() => unknown)[]>();
  private readonly seen = new Set<string>();
  private readonly running = new Set<Promise<void>>();
  private nextBroadcast = 0;

  publish<T extends TopicContract>(topic: T, payload: z.output<T['payload']>): Promise<string> {
    const text = JSON.stringify(z.encode(topic.payload, payload));
    const id = `${topic.subject} ${topic.dedupeBy(payload)}`;
    if (this.seen.has(id)) return Promise.resolve(text);
    if (this.seen.size >= REMEMBERED_MAX) this.seen.clear();
    this.seen.add(id);
    const read = (): unknown => z.decode(topic.payload, JSON.parse(text));
    const listeners = this.oneOfEachGroup(topic.subject);
    if (listeners.length === 0 && topic.delivery === 'queue') this.keep(topic.subject, read);
    for (const listener of listeners) this.begin(listener, read);
    return Promise.resolve(text);
  }

  subscribe<T extends TopicContract>(topic: T, options: SubscribeOptions, handler: FactHandler<T>): Promise<Served> {
    checkDelivery(topic, options);
    const group = options.mode === 'queue' ? `queue ${options.name}` : `broadcast ${(this.nextBroadcast += 1)}`;
    const listener: Listener = { group, hear: (fact) => handler([fact as z.output<T['payload']>]) };
    const listeners = this.listeners.get(topic.subject) ?? [];
    this.listeners.set(topic.subject, listeners);
    listeners.push(listener);
    for (const read of this.kept.get(topic.subject) ?? []) this.begin(listener, read);
    this.kept.delete(topic.subject);
    return Promise.resolve({
      stop: async () => {
        listeners.splice(listeners.indexOf(listener), 1);
        await this.settled();
      },
    });
  }

  /** Says little, since facts in memory carry no time: all of them, or none. */
  handledUntil(topic: TopicContract): Promise<number> {
    const isIdle = this.running.size === 0 && !this.kept.has(topic.subject);
    return Promise.resolve(isIdle ? Date.now() : 0);
  }

  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private keep(subject: string, read: () => unknown): void {
    const kept = this.kept.get(subject) ?? [];
    this.kept.set(subject, kept);
    if (kept.length >= REMEMBERED_MAX) throw new Error(`${subject} has ${kept.length} facts that nobody hears`);
    kept.push(read);
  }

  private begin(listener: Listener, read: () => unknown): void {
    const heard = this.deliver(listener, read);
    this.running.add(heard);
    heard.finally(() => this.running.delete(heard));
  }

  private oneOfEachGroup(subject: string): readonly Listener[] {
    const listeners = this.listeners.get(subject) ?? [];
    const chosen = new Map(listeners.map((listener) => [listener.group, listener]));
    // Round robin: whoever was chosen goes to the front, and the last of a group wins above.
    for (const listener of chosen.values()) listeners.unshift(...listeners.splice(listeners.indexOf(listener), 1));
    return [...chosen.values()];
  }

  private async deliver(listener: Listener, read: () => unknown): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      await new Promise(setImmediate);
      const failed = await listener.hear(read()).then(
        () => false,
        () => true,
      );
      if (!failed) return;
    }
  }
}
