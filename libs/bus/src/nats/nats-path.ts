import type { Subscription } from '@nats-io/nats-core';
import type { NatsConnection } from '@nats-io/transport-node';

import { BUS_LIMITS } from '../bus-limits.js';
import type { BusLogger } from '../bus.js';
import type { RemotePath } from '../client.js';
import { unavailable } from '../errors.js';
import type { Registry, ServedCall } from '../registry.js';
import { Cancels } from './cancels.js';
import { Link } from './link.js';
import { AssemblyBudget } from './request-assembly.js';
import { callRemotely } from './rpc-client.js';
import { answerRpc } from './rpc-server.js';
import { ServiceInfo } from './service-info.js';
import { streamRemotely } from './stream-client.js';
import { refuseStream, serveStream, type StreamServerParts } from './stream-server.js';

/** Replicas of a service share a subject's work by this queue group. */
const QUEUE = 'replicas';

/** Calls over NATS, both sides of them. */
export class NatsPath implements RemotePath {
  readonly link: Link;
  private readonly cancels: Cancels;
  private readonly streamParts: StreamServerParts;
  private readonly info: ServiceInfo;
  private streams = 0;

  constructor(
    name: string,
    connection: NatsConnection,
    private readonly registry: Registry,
    private readonly logger: BusLogger,
  ) {
    this.link = new Link(connection, logger);
    this.cancels = new Cancels(this.link);
    this.streamParts = { link: this.link, cancels: this.cancels, logger, budget: new AssemblyBudget() };
    this.info = new ServiceInfo(name, connection);
  }

  readonly call: RemotePath['call'] = (contract, input, context) =>
    callRemotely(this.link, this.cancels, contract, input, context);

  readonly stream: RemotePath['stream'] = (contract, request, sink, context) =>
    streamRemotely(this.link, this.cancels, contract, request, sink, context);

  /** Begins to serve; resolves when the server knows. The returned function takes no new calls. */
  async serve(calls: readonly ServedCall[]): Promise<() => Promise<void>> {
    const subscriptions = calls.flatMap((call) => [this.listen(call), this.cancels.listen(call.contract.subject)]);
    await this.link.connection.flush();
    return async () => {
      for (const { contract } of calls) this.info.remove(contract.subject);
      await Promise.all(subscriptions.map((subscription) => this.link.unsubscribe(subscription)));
    };
  }

  private listen(call: ServedCall): Subscription {
    const { subject } = call.contract;
    const endpoint = this.info.add(subject, QUEUE);
    return this.link.connection.subscribe(subject, {
      queue: QUEUE,
      callback: (error, message) => {
        if (error) return this.logger.error({ err: error, subject }, 'a subscription has failed');
        // Without an address for the answer nobody would know what became of it.
        if (!message.reply) return;
        if (call.kind === 'rpc') {
          const answered = answerRpc(this.link, this.cancels, this.logger, call, message);
          void endpoint.measure(this.registry.track(subject, answered));
          return;
        }
        if (this.streams >= BUS_LIMITS.servedStreamsMax)
          return refuseStream(this.link, message, unavailable(subject, 'this instance serves too many streams'));
        this.streams += 1;
        const served = serveStream(this.streamParts, call, message);
        void endpoint.measure(this.registry.track(subject, served)).then(() => (this.streams -= 1));
      },
    });
  }
}
