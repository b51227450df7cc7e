import type { Model } from '@bytespike/catalog';
import type { ModelCard } from '@bytespike/contracts';
import { PROTOCOL_NAMES } from '@bytespike/kernel';

import { findMember } from './find-member.js';
import { noSuchModel } from './refusals.js';
import type { GroupRoutes, RouteTable } from './route-table.js';

/** The models a group's keys can use, each with the protocols on which they can be used. */
export const modelCards = (routes: GroupRoutes): readonly ModelCard[] =>
  routes.members.map((model) => cardOf(model, routes)).filter(isUsable);

/** One of them, by any of its names. Throws `model-not-found`, `model-not-in-group` and `retired-model`. */
export function modelCard({ index }: RouteTable, routes: GroupRoutes, name: string): ModelCard {
  const member = findMember(index, routes, name);
  const card = member && cardOf(member.model, routes);
  if (!card || !isUsable(card)) throw noSuchModel(name);
  return card;
}

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
