import type { Model } from '@bytespike/catalog';
import type { ModelCard } from '@bytespike/contracts';
import { PROTOCOL_NAMES } from '@bytespike/kernel';

import type { GroupRoutes } from './route-table.js';

/** The models a group's keys can use, each with the protocols on which they can be used. */
export const modelCards = (routes: GroupRoutes): readonly ModelCard[] =>
  routes.members.map((model) => cardOf(model, routes)).filter(isUsable);

/** A text model that no protocol or channel reaches is not offered; media models are not sold by protocol. */
const isUsable = ({ outputModalities, protocols }: ModelCard): boolean =>
  !outputModalities.includes('text') || Object.keys(protocols).length > 0;

function cardOf(model: Model, { byProtocol }: GroupRoutes): ModelCard {
  const open = PROTOCOL_NAMES.flatMap((protocol) => {
    const route = byProtocol[protocol].get(model.id);
    return route ? [[protocol, route.cell] as const] : [];
  });
  return {
    id: model.id,
    displayName: model.displayName,
    family: model.family,
    vendor: model.maker,
    protocols: Object.fromEntries(open),
    capabilities: model.capabilities,
    contextWindow: model.contextWindow,
    maxOutputTokens: model.maxOutputTokens,
    inputModalities: model.inputModalities,
    outputModalities: model.outputModalities,
    agent: model.agent,
    created: model.created,
  };
}
