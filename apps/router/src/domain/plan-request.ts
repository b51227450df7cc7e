import { priceOn } from '@bytespike/catalog';
import type { Features, Operation, Plan, Target } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';
import type { ProtocolName } from '@bytespike/kernel';

import { findMember } from './find-member.js';
import { healthy, type Health } from './healthy.js';
import { modelNotFound, toolsNotSupported, unknownGroup, visionNotSupported } from './refusals.js';
import type { Candidate, Route, RouteTable } from './route-table.js';
import { weigh } from './weigh.js';

export interface PlanRequest {
  readonly groupId: string;
  readonly protocol: ProtocolName;
  readonly operation: Operation;
  readonly model: string;
  readonly features: Features;
}

/** What a plan depends on besides the request and the catalogue. */
export interface Moment extends Health {
  readonly random: () => number;
}

/** Ordered targets for one request. Throws the refusals of contract 0.2, in the order in which they are told. */
export function planRequest(table: RouteTable, request: PlanRequest, moment: Moment): Plan {
  const { protocol, features } = request;
  const routes = table.groups.get(request.groupId);
  if (!routes) throw unknownGroup();
  const member = findMember(table.index, routes, request.model);
  if (!member) throw modelNotFound(request.model, protocol, routes);
  const { model, alias } = member;
  const route = routes.byProtocol[protocol].get(model.id);
  const price = priceOn(table.index, model.id, isoDate(moment.nowMs));
  if (!route || !price) throw modelNotFound(request.model, protocol, routes);
  if (features.tools && route.opening === 'translated-without-tools') throw toolsNotSupported(model.id, protocol);
  if (features.vision && !model.capabilities.includes('vision')) throw visionNotSupported(model.id, protocol, routes);
  const { lane, candidates } = request.operation === 'count' ? countingWay(route, features) : way(route, features);
  const targets = weigh(healthy(candidates, model.id, moment), moment.random)
    .slice(0, LIMITS.attemptsMax)
    .map(({ channelId, vendor, upstreamModel, protocol: spoken }): Target => {
      return { channelId, vendor, model: model.id, upstreamModel, protocol: spoken, lane, priceVersion: price.id };
    });
  return { model: model.id, ...(alias !== undefined && { alias }), maxOutputTokens: model.maxOutputTokens, targets };
}

interface Way {
  readonly lane: Target['lane'];
  readonly candidates: readonly Candidate[];
}

/** State and capsules are ours: no vendor knows them, so such bytes cannot go on as they are. */
const way = ({ opening, candidates }: Route, { state, capsule }: Features): Way => ({
  lane: opening === 'native' && !state && !capsule ? 'raw' : 'ir',
  candidates,
});

/**
 * Tokens are counted by the vendor whose dialect was asked, else on another wire of the model's where its vendor
 * counts, else by an estimate of ours: a count is asked for before anything is sent, and must not be what fails.
 */
function countingWay(route: Route, features: Features): Way {
  const { lane, candidates } = way(route, features);
  const own = route.opening === 'native' ? candidates.filter(({ counts }) => counts) : [];
  if (own.length > 0) return { lane, candidates: own };
  return { lane: 'ir', candidates: route.counters.length > 0 ? route.counters : candidates };
}

const DAY_MS = 86_400_000;
let today = { day: -1, text: '' };

/** The date of a moment; told anew once a day, since every request asks. */
export function isoDate(epochMs: number): string {
  const day = Math.floor(epochMs / DAY_MS);
  if (today.day !== day) today = { day, text: new Date(epochMs).toISOString().slice(0, 10) };
  return today.text;
}
