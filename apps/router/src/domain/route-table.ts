import { findVendor, groupMembers, TRANSLATION_PREFERENCE } from '@bytespike/catalog';
import type { CatalogueIndex, Cell, Channel, MediaChannel, Model, RoutingGroup } from '@bytespike/catalog';
import { PROTOCOL_NAMES } from '@bytespike/kernel';
import type { ProtocolName } from '@bytespike/kernel';

import { openingOf } from './eligibility.js';
import type { Opening } from './eligibility.js';

/** A channel that can serve a model, with what a plan needs of it. */
export interface MediaCandidate {
  readonly channelId: string;
  readonly vendor: string;
  readonly upstreamModel: string;
  readonly weight: number;
}

/** The same where text is written. */
export interface Candidate extends MediaCandidate {
  readonly protocol: ProtocolName;
  /** Whether the vendor counts tokens on this wire. */
  readonly counts: boolean;
}

/** How one group serves one model on one protocol. Closed cells have no route. */
export interface Route {
  readonly opening: Exclude<Opening, 'closed'>;
  /** The word shown to users for this cell. */
  readonly cell: Exclude<Cell, 'none'>;
  /** Never empty; all of one protocol. */
  readonly candidates: readonly [Candidate, ...Candidate[]];
  /** Channels whose vendor counts tokens of the model, on whichever wire; where there are none a count is an estimate. */
  readonly counters: readonly Candidate[];
}

export interface GroupRoutes {
  readonly group: RoutingGroup;
  readonly members: readonly Model[];
  readonly memberIds: ReadonlySet<string>;
  readonly byProtocol: Readonly<Record<ProtocolName, ReadonlyMap<string, Route>>>;
  /** Where the group's pictures and films can be had, by model; a model that no channel makes is absent. */
  readonly media: ReadonlyMap<string, readonly [MediaCandidate, ...MediaCandidate[]]>;
}

/** Every answer that does not depend on the request or the moment, worked out once per catalogue version. */
export interface RouteTable {
  readonly index: CatalogueIndex;
  /** By the number as text, as keys carry it. */
  readonly groups: ReadonlyMap<string, GroupRoutes>;
}

/** Works the routes of every group out. */
export function buildRouteTable(index: CatalogueIndex): RouteTable {
  const candidates: Candidates = {
    text: candidatesByModel(index.document.channels),
    media: mediaCandidatesByModel(index.document.mediaChannels),
  };
  return {
    index,
    groups: new Map(index.document.groups.map((group) => [String(group.id), groupRoutes(group, index, candidates)])),
  };
}

/** By model. */
interface Candidates {
  readonly text: ReadonlyMap<string, readonly Candidate[]>;
  readonly media: ReadonlyMap<string, readonly MediaCandidate[]>;
}

function groupRoutes(group: RoutingGroup, index: CatalogueIndex, candidates: Candidates): GroupRoutes {
  const members = groupMembers(group, index.document.models);
  const routesOn = (protocol: ProtocolName): ReadonlyMap<string, Route> =>
    new Map(
      members.flatMap((model) => {
        const route = routeOf(model, protocol, group, candidates.text.get(model.id) ?? []);
        return route ? [[model.id, route] as const] : [];
      }),
    );
  return {
    group,
    members,
    memberIds: new Set(members.map(({ id }) => id)),
    byProtocol: Object.fromEntries(PROTOCOL_NAMES.map((protocol) => [protocol, routesOn(protocol)])) as Record<
      ProtocolName,
      ReadonlyMap<string, Route>
    >,
    media: new Map(
      members.flatMap(({ id }) => {
        const makers = candidates.media.get(id) ?? [];
        return isFilled(makers) ? [[id, makers] as const] : [];
      }),
    ),
  };
}

function routeOf(
  model: Model,
  protocol: ProtocolName,
  group: RoutingGroup,
  candidates: readonly Candidate[],
): Route | undefined {
  if (model.kind !== 'text') return undefined;
  const cell = model.cells[protocol] ?? 'none';
  const opening = openingOf(cell, group);
  if (opening === 'closed') return undefined;
  const own = candidates.filter((candidate) => candidate.protocol === protocol);
  const counters = candidates.filter(({ counts }) => counts);
  if (opening === 'native' && isFilled(own)) return { opening, cell: 'native', candidates: own, counters };
  // An operator may have an account that speaks another of the model's protocols only.
  if (opening === 'native' && group.fidelity === 'native') return undefined;
  const best = TRANSLATION_PREFERENCE.map((name) =>
    candidates.filter((one) => one.protocol === name && name !== protocol),
  );
  const translated = best.find(isFilled);
  if (!translated || !isFilled(translated)) return undefined;
  const isNamed = cell === 'shim' || cell === 'planned';
  return {
    opening: opening === 'native' ? 'translated' : opening,
    cell: isNamed ? cell : 'translated',
    candidates: translated,
    counters,
  };
}

const isFilled = <One>(list: readonly One[]): list is readonly [One, ...One[]] => list.length > 0;

/** A model is translated to where it is native, so only those channels count. */
function candidatesByModel(channels: readonly Channel[]): Candidates['text'] {
  const byModel = new Map<string, Candidate[]>();
  for (const channel of channels) {
    const counts = findVendor(channel.vendor)?.wires[channel.protocol]?.count !== undefined;
    const { id: channelId, vendor, protocol, weight } = channel;
    for (const { model, upstreamModel } of channel.models) {
      const candidate = { channelId, vendor, upstreamModel, protocol, weight, counts };
      byModel.set(model, [...(byModel.get(model) ?? []), candidate]);
    }
  }
  return byModel;
}

function mediaCandidatesByModel(channels: readonly MediaChannel[]): Candidates['media'] {
  const byModel = new Map<string, MediaCandidate[]>();
  for (const { id: channelId, vendor, weight, models } of channels) {
    for (const { model, upstreamModel } of models) {
      byModel.set(model, [...(byModel.get(model) ?? []), { channelId, vendor, upstreamModel, weight }]);
    }
  }
  return byModel;
}
