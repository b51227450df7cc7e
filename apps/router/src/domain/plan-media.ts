import { priceOn } from '@bytespike/catalog';
import type { MediaKind, MediaPlan, MediaTarget } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';

import { findMember } from './find-member.js';
import { isoDate, type Moment } from './plan-request.js';
import { makesNoneOf, noSuchModel, unknownGroup } from './refusals.js';
import type { RouteTable } from './route-table.js';
import { weigh } from './weigh.js';

export interface MediaPlanRequest {
  readonly groupId: string;
  readonly model: string;
  readonly kinds: readonly MediaKind[];
}

/** Ordered targets for pictures or films. Throws what `planRequest` throws, and for a model that makes neither. */
export function planMedia(
  table: RouteTable,
  { groupId, model: name, kinds }: MediaPlanRequest,
  { nowMs, random }: Pick<Moment, 'nowMs' | 'random'>,
): MediaPlan {
  const routes = table.groups.get(groupId);
  if (!routes) throw unknownGroup();
  const member = findMember(table.index, routes, name);
  if (!member) throw noSuchModel(name);
  const { model, alias } = member;
  const kind = kinds.find((one) => one === model.kind);
  if (!kind) throw makesNoneOf(kinds, model.id, routes);
  const price = priceOn(table.index, model.id, isoDate(nowMs));
  const channels = table.index.document.mediaChannels.flatMap(({ id: channelId, vendor, weight, models }) =>
    models
      .filter((one) => one.model === model.id)
      .map(({ upstreamModel }) => ({ channelId, vendor, weight, upstreamModel })),
  );
  if (!price || channels.length === 0) throw noSuchModel(name);
  const [first, ...others] = weigh(channels, random)
    .slice(0, LIMITS.attemptsMax)
    .map(({ channelId, vendor, upstreamModel }): MediaTarget => {
      return { channelId, vendor, model: model.id, upstreamModel, priceVersion: price.id, kind };
    });
  if (!first) throw noSuchModel(name);
  return { model: model.id, ...(alias !== undefined && { alias }), kind, targets: [first, ...others] };
}
