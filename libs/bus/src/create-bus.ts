import type { Bus, BusLogger, Served } from './bus.js';
import { BUS_LIMITS } from './bus-limits.js';
import { clientFor } from './client.js';
import { connectNats } from './nats/connect.js';
import { Facts } from './nats/facts.js';
import { NatsPath } from './nats/nats-path.js';
import { within } from './nats/pause.js';
import { Registry } from './registry.js';

/** Who connects, where to, and where it is told of. */
export interface CreateBusOptions {
  /** Names the process at the NATS server and in `nats micro ls`. */
  readonly name: string;
  readonly natsUrl: string;
  readonly logger?: BusLogger | undefined;
}

const SILENT: BusLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Connects this process to the others. Rejects when NATS cannot be reached now; later breaks are survived. */
export async function createBus({ name, natsUrl, logger = SILENT }: CreateBusOptions): Promise<Bus> {
  const connection = await connectNats(name, natsUrl);
  const registry = new Registry();
  const path = new NatsPath(name, connection, registry, logger);
  const facts = await Facts.on(path.link, logger).catch(async (cause: unknown) => {
    await path.link.end();
    throw new Error(`NATS at ${connection.getServer()} has no JetStream: start it with -js`, { cause });
  });
  const servings = new Set<Served>();
  const subscriptions = new Set<Served>();

  return {
    serve: async (group, handlers) => {
      const calls = registry.add(group, handlers);
      const stopListening = await path.serve(calls);
      const served: Served = {
        stop: async (limitMs = BUS_LIMITS.drainMs) => {
          if (!servings.delete(served)) return;
          await stopListening();
          await registry.finish(calls, limitMs);
        },
      };
      servings.add(served);
      return served;
    },
    client: (group) => clientFor(group, registry, path),
    publish: (topic, payload) => facts.publish(topic, payload),
    subscribe: async (topic, options, handler) => {
      const subscription = await facts.subscribe(topic, options, handler);
      const heard: Served = {
        stop: async (limitMs = BUS_LIMITS.drainMs) => {
          if (subscriptions.delete(heard)) await subscription.stop(limitMs);
        },
      };
      subscriptions.add(heard);
      return heard;
    },
    handledUntil: (topic) => facts.handledUntil(topic),
    connected: () => path.link.isUp,
    drain: async (limitMs = BUS_LIMITS.drainMs) => {
      await Promise.all([...servings, ...subscriptions].map((served) => served.stop(limitMs)));
      await within(limitMs, facts.flush());
      await path.link.end();
    },
  };
}
