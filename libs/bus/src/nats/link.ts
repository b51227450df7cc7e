import { GatewayError, TransientMap } from '@bytespike/kernel';
import { createInbox, type Msg, type MsgHdrs, type NatsConnection, type Subscription } from '@nats-io/nats-core';

import { BUS_LIMITS } from '../bus-limits.js';
import type { BusLogger } from '../bus.js';
import { normaliseError, undelivered } from '../errors.js';
import { TurnQueue } from '../turn.js';
import { Heartbeats } from './heartbeats.js';
import { within } from './pause.js';

/** Whoever waits for messages on an address of ours. Neither method may throw. */
export interface Receiver {
  receive(message: Msg): void;
  /** Nothing more will come: the connection broke, and what was under way is lost. */
  lost(why: GatewayError): void;
}

const NO_RESPONDERS = 503;
/** The longest wait for a server to take what was written last. */
const FLUSH_LIMIT_MS = 2_000;

/**
 * This process's one connection, shared by all its calls. Every call has an address under one wildcard inbox, so that
 * a call costs an entry in a map and not a subscription. When the connection breaks, core NATS may have lost anything,
 * so every call on it ends at once; new ones are refused until it is back.
 */
export class Link {
  readonly turns = new TurnQueue();
  readonly heartbeats = new Heartbeats();
  readonly messageBytesMax: number;
  private readonly inbox = createInbox();
  private readonly receivers = new TransientMap<string, Receiver>();
  private readonly reconnectListeners = new Set<() => void>();
  private nextToken = 0;
  private up = true;
  private isEnding = false;

  constructor(
    readonly connection: NatsConnection,
    private readonly logger: BusLogger,
  ) {
    const serverMax = connection.info?.max_payload ?? BUS_LIMITS.messageBytesMax * 2;
    this.messageBytesMax = Math.min(BUS_LIMITS.messageBytesMax, Math.floor(serverMax / 2));
    connection.subscribe(`${this.inbox}.*`, { callback: (error, message) => this.dispatch(error, message) });
    this.watch().catch((error: unknown) => this.logger.error({ err: error }, 'the watch over NATS has failed'));
  }

  get isUp(): boolean {
    return this.up;
  }

  /** Refuses a call that could not leave: the client would buffer it and drop the buffer when it reconnects. */
  refuseIfDown(subject: string): void {
    if (!this.up) throw undelivered(subject, 'not connected to NATS');
    if (this.receivers.size >= BUS_LIMITS.pendingCallsMax) throw undelivered(subject, 'too many calls are waiting');
  }

  /** An address of our own for a receiver, until it is closed. */
  open(receiver: Receiver): string {
    this.nextToken += 1;
    const address = `${this.inbox}.${this.nextToken.toString(36)}`;
    this.receivers.set(address, receiver);
    return address;
  }

  close(address: string): void {
    this.receivers.delete(address);
  }

  /** Calls the listener whenever the connection is back, until the returned function is called. */
  onReconnect(listener: () => void): () => void {
    this.reconnectListeners.add(listener);
    return () => this.reconnectListeners.delete(listener);
  }

  /** Publishes at the end of this turn, so that all calls of a busy turn share one write to the socket. Never throws. */
  send(to: string, payload: Uint8Array | string, options?: { reply?: string; headers?: MsgHdrs }): void {
    this.turns.add(() => this.sendNow(to, payload, options));
  }

  /** Publishes. Never throws: a connection that has just gone takes nothing, and says so through `lost`. */
  sendNow(to: string, payload: Uint8Array | string, options?: { reply?: string; headers?: MsgHdrs }): void {
    try {
      this.connection.publish(to, payload, options);
    } catch (error) {
      this.logger.warn({ err: error, to }, 'a message could not be sent');
    }
  }

  /** Stops hearing a subject; what has been delivered is still handled. */
  async unsubscribe(subscription: Subscription): Promise<void> {
    if (subscription.isClosed()) return;
    if (!this.up) return subscription.unsubscribe();
    await within(FLUSH_LIMIT_MS, subscription.drain());
  }

  /** Ends what is still under way, flushes and closes. A server that is not there is not waited for. */
  async end(): Promise<void> {
    this.isEnding = true;
    this.turns.flush();
    // A server that dies meanwhile refuses the flush, and with it goes what was to be flushed.
    const flushed = this.up ? this.connection.drain().catch(() => undefined) : Promise.resolve();
    this.abandonAll(new GatewayError('unavailable', 'the process is stopping'));
    await within(FLUSH_LIMIT_MS, flushed);
    await this.connection.close();
  }

  private dispatch(error: Error | null, message: Msg): void {
    if (error) return this.logger.error({ err: error }, 'the inbox of the bus has failed');
    const receiver = this.receivers.get(message.subject);
    if (!receiver) return;
    try {
      receiver.receive(message);
    } catch (thrown) {
      // The client's read loop ends on a throw and takes every call of the process with it.
      receiver.lost(normaliseError(thrown, message.subject));
    }
  }

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.onDisconnect();
      if (status.type === 'reconnect') {
        this.up = true;
        this.logger.info({ server: status.server }, 'connected to NATS again');
        for (const listener of this.reconnectListeners) listener();
      }
      if (status.type === 'error') this.logger.warn({ err: status.error }, 'NATS reported an error');
    }
    this.onDisconnect();
  }

  private onDisconnect(): void {
    if (!this.up) return;
    this.up = false;
    if (this.isEnding) return;
    this.logger.warn({ calls: this.receivers.size }, 'the connection to NATS broke');
    this.abandonAll(new GatewayError('unavailable', 'the connection to NATS broke'));
  }

  private abandonAll(why: GatewayError): void {
    const receivers = [...this.receivers.values()];
    this.receivers.clear();
    for (const receiver of receivers) receiver.lost(why);
  }
}

/** NATS's own answer when nobody listens on a subject. */
export const isNoResponders = (message: Msg): boolean =>
  message.data.length === 0 && message.headers?.code === NO_RESPONDERS;
