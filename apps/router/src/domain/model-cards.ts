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

/** A model that no channel reaches is not offered. */
const isUsable = ({ protocols, surfaces }: ModelCard): boolean =>
  Object.keys(protocols).length > 0 || surfaces.length > 0;

/** Pictures come at once or later, films only later (contract 9, 10). */
const SURFACES = {
  text: [],
  image: ['images', 'tasks'],
  video: ['tasks'],
} as const satisfies Record<Model['kind'], ModelCard['surfaces']>;

function cardOf(model: Model, { byProtocol, media }: GroupRoutes): ModelCard {
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
    surfaces: media.has(model.id) ? [...SURFACES[model.kind]] : [],
    capabilities: model.capabilities,
    contextWindow: model.contextWindow,
    maxOutputTokens: model.maxOutputTokens,
    inputModalities: model.inputModalities,
    outputModalities: model.outputModalities,
    agent: model.agent,
    created: model.created,
  };
}
