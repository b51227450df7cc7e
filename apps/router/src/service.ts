import 'reflect-metadata';
import { BusTransport } from '@bytespike/bus';
import type { Bus, Served } from '@bytespike/bus';
import { indexCatalogue } from '@bytespike/catalog';
import { readEnv } from '@bytespike/config';
import { configuration, routing } from '@bytespike/contracts';
import type { Service } from '@bytespike/service';
import { CatalogueReader, followCatalogue } from '@bytespike/snapshot';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { Circuits } from './domain/circuits.js';
import { buildRouteTable, type RouteTable } from './domain/route-table.js';
import { routerEnv } from './env.js';
import { hearFacts } from './hear-facts.js';
import { KeyCache } from './key-cache.js';
import { KeyStore } from './key-store.js';
import { RouterModule } from './router.module.js';
import { routingHandlers } from './routing.handlers.js';
import type { RoutingPorts } from './routing.handlers.js';

/** Decides who may ask and where a request may go; see README.md. */
export const router: Service = {
  name: 'router',
  env: routerEnv,
  start: async ({ environment, bus, logger }) => {
    const env = readEnv(routerEnv, environment);
    const catalogue = new CatalogueReader({
      service: 'router',
      snapshot: bus.client(configuration).snapshot,
      derive: (document) => buildRouteTable(indexCatalogue(document)),
      logger,
    });
    // Nest makes the store, so the handlers that need it are made when Nest begins to listen.
    const app: INestMicroservice = await NestFactory.createMicroservice(RouterModule.of(env), {
      strategy: new BusTransport(bus, [{ serveOn: (on) => serveRouting(on, app.get(KeyStore), catalogue) }]),
      logger: false,
    });
    await app.listen();
    const following = await followCatalogue(bus, catalogue);
    return {
      addresses: {},
      ready: () => catalogue.current() !== undefined,
      drain: async () => {
        await following.stop();
        await app.close();
      },
    };
  },
};

/** Facts are heard before calls are taken, so that nothing is remembered that an unheard fact has changed. */
async function serveRouting(bus: Bus, store: KeyStore, catalogue: CatalogueReader<RouteTable>): Promise<Served> {
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
