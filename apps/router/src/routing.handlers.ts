import { resolveModelName } from '@bytespike/catalog';
import type { HandlersFor, routing } from '@bytespike/contracts';
import type { CatalogueReader } from '@bytespike/snapshot';

import { admitKey, unknownKey } from './domain/admit-key.js';
import type { Circuits } from './domain/circuits.js';
import { modelCard, modelCards } from './domain/model-cards.js';
import { planMedia } from './domain/plan-media.js';
import { planRequest, type Moment } from './domain/plan-request.js';
import { unknownGroup } from './domain/refusals.js';
import type { RouteTable } from './domain/route-table.js';
import type { KeyCache } from './key-cache.js';

export interface RoutingPorts {
  readonly keys: KeyCache;
  readonly catalogue: CatalogueReader<RouteTable>;
  readonly circuits: Circuits;
  readonly now: () => number;
  /** In [0, 1): which of several channels goes first. */
  readonly random: () => number;
}

/** Long enough to spare a busy caller nine questions of ten; a change of the catalogue is that late for it at most. */
const REUSABLE_MS = 100;

/** The router's answers: who is asking, where a request may go, what a group offers. */
export const routingHandlers = (ports: RoutingPorts): HandlersFor<typeof routing> => {
  const moment = (): Moment => ({
    nowMs: ports.now(),
    random: ports.random,
    closedUntil: (channelId, upstreamModel, nowMs) => ports.circuits.closedUntil(channelId, upstreamModel, nowMs),
  });
  return {
    authenticate: async ({ keyDigest, clientAddress }) => {
      const record = ports.keys.peek(keyDigest) ?? (await ports.keys.find(keyDigest));
      if (!record) throw unknownKey();
      return admitKey(record, clientAddress, ports.now());
    },

    plan: async (request) => {
      const plan = planRequest(ports.catalogue.require(), request, moment());
      // Several targets were drawn in proportion to their weights, which is to happen for each request.
      return plan.targets.length === 1 ? { ...plan, reusableMs: REUSABLE_MS } : plan;
    },

    planMedia: async (request) => planMedia(ports.catalogue.require(), request, moment()),

    listModels: async ({ groupId }) => {
      const routes = ports.catalogue.require().groups.get(groupId);
      if (!routes) throw unknownGroup();
      return { models: [...modelCards(routes)] };
    },

    readModel: async ({ groupId, name }) => {
      const table = ports.catalogue.require();
      const routes = table.groups.get(groupId);
      if (!routes) throw unknownGroup();
      return { model: modelCard(table, routes, name) };
    },

    nameModel: async ({ name }) => {
      const named = resolveModelName(ports.catalogue.require().index, name);
      return named?.kind === 'model' ? { id: named.model.id } : {};
    },
  };
};
