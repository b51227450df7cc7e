import type { ContractGroup, HandlersFor } from '@bytespike/contracts';
import type { CustomTransportStrategy } from '@nestjs/microservices';

import type { Bus, Served } from './bus.js';

/** A group and the handlers that serve it, ready to be put on a bus. */
export interface Serving {
  readonly serveOn: (bus: Bus) => Promise<Served>;
}

/** A contract group with its handlers, for `BusTransport` to serve when the app listens. */
export const serving = <G extends ContractGroup>(group: G, handlers: HandlersFor<G>): Serving => ({
  serveOn: (bus) => bus.serve(group, handlers),
});

/**
 * Puts an app's handlers on the bus as a Nest transport, so the app is an ordinary Nest microservice: `listen` serves,
 * `close` takes no new calls and waits for those that run. The bus itself belongs to the process and stays open.
 * Nest gives `close` no limit; whoever has one drains first.
 */
export class BusTransport implements CustomTransportStrategy {
  private served: Served[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly servings: readonly Serving[],
  ) {}

  /** Nest's contract: the callback gets what went wrong, or nothing. */
  listen(callback: (error?: unknown) => void): void {
    this.serveAll().then(() => callback(), callback);
  }

  close(): Promise<void> {
    return this.drain();
  }

  /** Takes no new calls and waits for those that run, up to the limit. */
  async drain(limitMs?: number): Promise<void> {
    const served = this.served;
    this.served = [];
    await Promise.all(served.map((one) => one.stop(limitMs)));
  }

  /** Nest asks every transport for these; the bus has no events of its own to offer. */
  on(): void {}
  unwrap<T>(): T {
    throw new Error('the bus has no native server to unwrap: use the Bus the app was given');
  }

  private async serveAll(): Promise<void> {
    for (const one of this.servings) this.served.push(await one.serveOn(this.bus));
  }
}
