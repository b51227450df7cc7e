import type { ClientFor, ContractGroup, HandlersFor, TopicContract } from '@bytespike/contracts';
import type { z } from 'zod';

/**
 * The one way services meet: calls and streams go to a handler in the same process when there is one and cross NATS
 * when there is not; facts always go through JetStream. Nobody who calls can tell the difference.
 */
export interface Bus {
  /** Offers a group's calls, in this process and on NATS. Rejects on a missing, surplus or doubled handler. */
  serve<G extends ContractGroup>(group: G, handlers: HandlersFor<G>): Promise<Served>;
  /** The same record of functions the serving side wrote. */
  client<G extends ContractGroup>(group: G): ClientFor<G>;
  /**
   * States a fact; resolves when JetStream has stored it, with its text, which `readFact` reads. Rejects with `unavailable`
   * when JetStream would not.
   */
  publish<T extends TopicContract>(topic: T, payload: z.output<T['payload']>): Promise<string>;
  /** Hears facts. The mode must be the one the topic's contract names. */
  subscribe<T extends TopicContract>(topic: T, options: SubscribeOptions, handler: FactHandler<T>): Promise<Served>;
  /**
   * Epoch milliseconds before which every fact stored of a `queue` topic has been handled (or parked). Rejects with
   * `unavailable` when JetStream cannot say.
   */
  handledUntil(topic: TopicContract): Promise<number>;
  /** Whether calls to other processes can be made now. */
  connected(): boolean;
  /** Takes no new work, lets what runs finish (up to `limitMs`, then aborts it), flushes and closes. */
  drain(limitMs?: number): Promise<void>;
}

/** Something being offered or heard, until it is stopped; what is running then is waited for, up to `limitMs`. */
export interface Served {
  stop(limitMs?: number): Promise<void>;
}

/** Facts in the order JetStream stored them. When it resolves they are handled; when it rejects they come again. */
export type FactHandler<T extends TopicContract> = (payloads: readonly z.output<T['payload']>[]) => Promise<void>;

/**
 * `queue`: every fact once to the group `name`, whichever replica is free; survives restarts.
 * `broadcast`: every fact to every instance, from the moment it listens.
 */
export type SubscribeOptions = QueueOptions | { readonly mode: 'broadcast' };

/** How replicas share the facts of a topic: each goes to one of them. */
export interface QueueOptions {
  readonly mode: 'queue';
  /** Names the group of replicas, and its durable consumer. */
  readonly name: string;
  /** Most facts handed to one call of the handler. */
  readonly batchMax?: number | undefined;
  /** How long facts wait for company before they are handed over, where the last had some and filled no batch. Zero, unless said. */
  readonly lingerMs?: number | undefined;
  /** How often a fact is tried before it is parked. */
  readonly deliveriesMax?: number | undefined;
  /** Wait before the second try; it doubles from there, up to a minute. */
  readonly retryDelayMs?: number | undefined;
}

/** What the bus says about itself; a pino logger has this shape. */
export interface BusLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
