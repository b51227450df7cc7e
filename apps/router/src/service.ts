import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';

import { BusTransport } from '@bytespike/bus';
import type { Bus, Served } from '@bytespike/bus';
import { readEnv } from '@bytespike/config';
import { configuration, routing } from '@bytespike/contracts';
import type { Service } from '@bytespike/service';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { CatalogueReader } from './catalogue-reader.js';
import { Circuits } from './domain/circuits.js';
import { routerEnv } from './env.js';
import { hearFacts } from './hear-facts.js';
import { KeyCache } from './key-cache.js';
import { KeyStore } from './key-store.js';
import { RouterModule } from './router.module.js';
import { routingHandlers } from './routing.handlers.js';
import type { RoutingPorts } from './routing.handlers.js';

/** Long enough for a neighbour in the same process, short enough not to hold up a start. */
const FIRST_FETCH_WAIT_MS = 3_000;

/** Decides who may ask and where a request may go; see README.md. */
export const router: Service = {
  name: 'router',
  env: routerEnv,
  start: async ({ environment, bus, logger }) => {
    const env = readEnv(routerEnv, environment);
    const catalogue = new CatalogueReader(bus.client(configuration).snapshot, logger);
    // Nest makes the store, so the handlers that need it are made when Nest begins to listen.
    const app: INestMicroservice = await NestFactory.createMicroservice(RouterModule.of(env), {
      strategy: new BusTransport(bus, [{ serveOn: (on) => serveRouting(on, app.get(KeyStore), catalogue) }]),
      logger: false,
    });
    await app.listen();
    // Where a catalogue is to be had, the first request finds it; otherwise fetching goes on and `ready` tells.
    await Promise.race([catalogue.refresh(), delay(FIRST_FETCH_WAIT_MS, undefined, { ref: false })]);
    return {
      addresses: {},
      ready: () => catalogue.current() !== undefined,
      drain: async () => {
        catalogue.stop();
        await app.close();
      },
    };
  },
};

/** Facts are heard before calls are taken, so that nothing is remembered that an unheard fact has changed. */
async function serveRouting(bus: Bus, store: KeyStore, catalogue: CatalogueReader): Promise<Served> {
  const ports: RoutingPorts = {
    keys: new KeyCache(store, Date.now),
    catalogue,
    circuits: new Circuits(),
    now: Date.now,
    random: Math.random,
  };
  const heard = await hearFacts(bus, ports);
  const served = await bus.serve(routing, routingHandlers(ports));
  return {
    stop: async () => {
      await served.stop();
      await heard.stop();
    },
  };
}
