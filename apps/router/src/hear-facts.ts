import type { Bus, Served } from '@bytespike/bus';
import { configuration, health } from '@bytespike/contracts';

import type { RoutingPorts } from './routing.handlers.js';

const broadcast = { mode: 'broadcast' } as const;

/** Keeps what the router remembers true: changed keys, and circuits that open and close. */
export async function hearFacts(bus: Bus, { keys, circuits, now }: RoutingPorts): Promise<Served> {
  const heard = await Promise.all([
    bus.subscribe(configuration.keyChanged, broadcast, async (changes) => {
      for (const { keyDigests } of changes) keys.drop(keyDigests);
    }),
    bus.subscribe(health.circuitChanged, broadcast, async (changes) => {
      for (const change of changes) circuits.hear(change, now());
    }),
  ]);
  return {
    stop: async () => {
      await Promise.all(heard.map((one) => one.stop()));
    },
  };
}
