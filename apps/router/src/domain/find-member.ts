import { resolveModelName } from '@bytespike/catalog';
import type { CatalogueIndex, Model } from '@bytespike/catalog';

import { modelNotInGroup, retiredModel } from './refusals.js';
import type { GroupRoutes } from './route-table.js';

export interface Member {
  readonly model: Model;
  /** The name asked for, when it is not the model's own. */
  readonly alias?: string;
}

/**
 * The model of a group that a caller's name means: its own, an alias, either style of dots and dashes. Undefined when
 * it is nobody's name. Throws `retired-model` and `model-not-in-group`.
 */
export function findMember(index: CatalogueIndex, routes: GroupRoutes, name: string): Member | undefined {
  const named = resolveModelName(index, name);
  if (named?.kind === 'retired') throw retiredModel(name, named.successor);
  if (named && !routes.memberIds.has(named.model.id)) throw modelNotInGroup(name, routes);
  return named;
}
