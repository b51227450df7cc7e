import { priceOn } from '@bytespike/catalog';
import type { MediaKind, MediaPlan, MediaTarget } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';

import { findMember } from './find-member.js';
import { healthy } from './healthy.js';
import { isoDate, type Moment } from './plan-request.js';
import { makesNoneOf, noSuchModel, unknownGroup } from './refusals.js';
import type { RouteTable } from './route-table.js';
import { weigh } from './weigh.js';

export interface MediaPlanRequest {
  readonly groupId: string;
  readonly model: string;
  /** What the caller has a use for. */
  readonly kinds: readonly MediaKind[];
}

/**
 * Ordered targets for pictures or films. Nothing is translated here, so a group's fidelity makes no difference. Throws
 * what `planRequest` throws, and `invalid-request` for a model that makes none of the kinds.
 */
export function planMedia(
  table: RouteTable,
  { groupId, model: name, kinds }: MediaPlanRequest,
  moment: Moment,
): MediaPlan {
  const routes = table.groups.get(groupId);
  if (!routes) throw unknownGroup();
  const member = findMember(table.index, routes, name);
  if (!member) throw noSuchModel(name);
  const { model, alias } = member;
  const kind = kinds.find((one) => one === model.kind);
  if (!kind) throw makesNoneOf(kinds, model.id, routes);
  const price = priceOn(table.index, model.id, isoDate(moment.nowMs));
  const candidates = routes.media.get(model.id);
  if (!price || !candidates) throw noSuchModel(name);
  const targets = weigh(healthy(candidates, model.id, moment), moment.random)
    .slice(0, LIMITS.attemptsMax)
    .map(({ channelId, vendor, upstreamModel }): MediaTarget => {
      return { channelId, vendor, model: model.id, upstreamModel, priceVersion: price.id, kind };
    });
  return { model: model.id, ...(alias !== undefined && { alias }), kind, targets };
}
