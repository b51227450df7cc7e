import type { Model } from '@bytespike/catalog';
import type { MediaKind } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { ProtocolName } from '@bytespike/kernel';

import type { GroupRoutes } from './route-table.js';

const SHOWN_NAME_MAX = 100;
const SHOWN_MODELS_MAX = 12;

const quote = (name: string): string =>
  `"${name.length > SHOWN_NAME_MAX ? `${name.slice(0, SHOWN_NAME_MAX)}…` : name}"`;

const list = (ids: readonly string[]): string =>
  ids.length > SHOWN_MODELS_MAX ? `${ids.slice(0, SHOWN_MODELS_MAX).join(', ')} and others` : ids.join(', ');

const openOn = ({ members, byProtocol }: GroupRoutes, protocol: ProtocolName): readonly Model[] =>
  members.filter(({ id }) => byProtocol[protocol].has(id));

export const unknownGroup = (): GatewayError =>
  new GatewayError('forbidden', "This API key's routing group no longer exists. Bind the key to another one.");

export const retiredModel = (name: string, successor: string): GatewayError =>
  new GatewayError('retired-model', `The model ${quote(name)} is retired. Use "${successor}" instead.`, {
    details: { successor },
  });

export const modelNotInGroup = (name: string, { group }: GroupRoutes): GatewayError =>
  new GatewayError(
    'model-not-in-group',
    `The model ${quote(name)} is not in this API key's group "${group.name}". Use a key of a group that has it.`,
  );

/** Says what would be served instead, where the group serves native cells only (contract C5). */
export function modelNotFound(name: string, protocol: ProtocolName, routes: GroupRoutes | undefined): GatewayError {
  const start = `The model ${quote(name)} does not exist or is not served on ${protocol}.`;
  if (routes?.group.fidelity !== 'native') return new GatewayError('model-not-found', start);
  const eligible = openOn(routes, protocol).map(({ id }) => id);
  const end = eligible.length > 0 ? `Eligible models: ${list(eligible)}.` : 'No model of its group is.';
  return new GatewayError('model-not-found', `${start} This API key's group serves native protocols only. ${end}`, {
    details: { eligibleModels: eligible },
  });
}

export const noSuchModel = (name: string): GatewayError =>
  new GatewayError('model-not-found', `There is no model ${quote(name)} in the group of this API key.`);

export const toolsNotSupported = (modelId: string, protocol: ProtocolName): GatewayError =>
  new GatewayError('tools-not-supported', `tool_use not supported: ${modelId} takes no tools on ${protocol} yet.`);

export function visionNotSupported(modelId: string, protocol: ProtocolName, routes: GroupRoutes): GatewayError {
  const seeing = openOn(routes, protocol)
    .filter(({ capabilities }) => capabilities.includes('vision'))
    .map(({ id }) => id);
  const end = seeing.length > 0 ? `Models of this API key's group that do: ${list(seeing)}.` : '';
  return new GatewayError('unsupported', `${modelId} does not take images. ${end}`.trimEnd(), {
    details: { capableModels: seeing },
  });
}

export const noHealthyChannel = (modelId: string, retryAfterMs: number): GatewayError =>
  new GatewayError('unavailable', `every channel of ${modelId} is open-circuited`, { retryAfterMs });

/** A model of the group that is asked for something it does not make. */
export function makesNoneOf(kinds: readonly MediaKind[], modelId: string, routes: GroupRoutes): GatewayError {
  const able = routes.members
    .filter(({ id, kind }) => routes.media.has(id) && kinds.some((one) => one === kind))
    .map(({ id }) => id);
  const wanted = kinds.map((kind) => (kind === 'image' ? 'images' : 'video')).join(' or ');
  const end = able.length > 0 ? `Models that do: ${list(able)}.` : "No model of this API key's group does.";
  return new GatewayError('invalid-request', `model: ${modelId} does not make ${wanted}. ${end}`, {
    details: { param: 'model', capableModels: able },
  });
}
