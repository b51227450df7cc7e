import type { Bus, BusLogger, Served } from './bus.js';
import { BUS_LIMITS } from './bus-limits.js';
import { clientFor } from './client.js';
import { connectNats } from './nats/connect.js';
import { NatsPath } from './nats/nats-path.js';
import { Registry } from './registry.js';

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
  const servings = new Set<Served>();

  const bus: Bus = {
    serve: async (group, handlers) => {
      const calls = registry.add(group, handlers);
      const subjects = calls.map(({ contract }) => contract.subject);
      const stopListening = await path.serve(calls);
      const served: Served = {
        stop: async () => {
          if (!servings.delete(served)) return;
          await stopListening();
          await registry.idle(subjects, BUS_LIMITS.drainMs);
          registry.remove(calls);
        },
      };
      servings.add(served);
      return served;
    },
    client: (group) => clientFor(group, registry, path),
    publish: () => Promise.reject(new Error('not yet')),
    subscribe: () => Promise.reject(new Error('not yet')),
    connected: () => path.link.isUp,
    drain: async (limitMs = BUS_LIMITS.drainMs) => {
      await Promise.all([...servings].map((served) => served.stop()));
      await registry.idle(registry.subjects(), limitMs);
      await connection.drain();
    },
  };
  return bus;
}
