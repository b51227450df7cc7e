import type { ClientFor, ModelCard, routing } from '@bytespike/contracts';
import { GatewayError, PROTOCOL_NAMES } from '@bytespike/kernel';

import { authenticateAccount, type AuthenticationPorts } from './authenticate.js';
import { filterModels, findModel } from './domain/model-filter.js';
import { modelEntry, modelList } from './domain/model-lists.js';
import type { Exchange } from './http/exchange.js';

export interface ModelPorts extends AuthenticationPorts {
  readonly routing: ClientFor<typeof routing>;
}

/** The models of the caller's group, in the caller's dialect. */
export async function listModels(exchange: Exchange, ports: ModelPorts): Promise<object> {
  const query = new URLSearchParams(exchange.query);
  return modelList(exchange.dialect, filterModels(await cardsOf(exchange, ports), query), query);
}

/** One of them. Errors: `model-not-found`. */
export async function readModel(exchange: Exchange, ports: ModelPorts): Promise<object> {
  const card = findModel(await cardsOf(exchange, ports), exchange.resource);
  if (!card) throw new GatewayError('model-not-found', 'There is no such model in the group of this key.');
  return modelEntry(exchange.dialect, card);
}

/** What the group of a key reaches, and how (contract 0.8). */
export async function listAvailableModels(exchange: Exchange, ports: ModelPorts): Promise<object> {
  return { data: (await cardsOf(exchange, ports)).map(availableModel) };
}

async function cardsOf(exchange: Exchange, ports: ModelPorts): Promise<readonly ModelCard[]> {
  const { groupId } = await authenticateAccount(exchange, ports);
  if (groupId === undefined)
    throw new GatewayError('forbidden', 'A management key has no models: ask with an API key of the group.');
  const { models } = await ports.routing.listModels({ groupId }, exchange.context);
  return models;
}

function availableModel({ id, family, protocols, capabilities, agent }: ModelCard): object {
  const open = PROTOCOL_NAMES.filter((protocol) => (protocols[protocol] ?? 'none') !== 'none');
  return {
    id,
    family,
    protocols: Object.fromEntries(open.map((protocol) => [protocol, protocols[protocol]])),
    protocols_aggregate: open.map((protocol) => aggregate(protocol, protocols[protocol])),
    capabilities,
    agent,
  };
}

/** `shim` is the page's other word for `translated` (contract 0.2). */
function aggregate(protocol: string, state: string | undefined): string {
  if (state === 'native') return protocol;
  return `${protocol}:${state === 'shim' ? 'translated' : state}`;
}
