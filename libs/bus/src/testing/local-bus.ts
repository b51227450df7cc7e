import type { Bus, Served } from '../bus.js';
import { BUS_LIMITS } from '../bus-limits.js';
import { clientFor, type RemotePath } from '../client.js';
import { undelivered } from '../errors.js';
import { Registry } from '../registry.js';
import { MemoryFacts } from './memory-facts.js';

const NOWHERE: RemotePath = {
  call: ({ subject }) => Promise.reject(undelivered(subject, 'nobody serves it')),
  stream: ({ subject }) => Promise.reject(undelivered(subject, 'nobody serves it')),
};

/** A bus of one process without NATS, for unit tests of apps: the real local path, and facts in memory. */
export function createLocalBus(): Bus {
  const registry = new Registry();
  const facts = new MemoryFacts();
  const servings = new Set<Served>();
  return {
    serve: async (group, handlers) => {
      const calls = registry.add(group, handlers);
      const served: Served = {
        stop: async (limitMs = BUS_LIMITS.drainMs) => {
          if (servings.delete(served)) await registry.finish(calls, limitMs);
        },
      };
      servings.add(served);
      return served;
    },
    client: (group) => clientFor(group, registry, NOWHERE),
    publish: (topic, payload) => facts.publish(topic, payload),
    subscribe: async (topic, options, handler) => facts.subscribe(topic, options, handler),
    handledUntil: (topic) => facts.handledUntil(topic),
    connected: () => true,
    drain: async (limitMs = BUS_LIMITS.drainMs) => {
      await Promise.all([...servings].map((served) => served.stop(limitMs)));
      await facts.settled();
    },
  };
}
