import type { ClientFor, ModelCard, routing } from '@bytespike/contracts';
import { GatewayError, PROTOCOL_NAMES } from '@bytespike/kernel';

import { authenticateAccount, type AuthenticationPorts } from './authenticate.js';
import { endpointsOf } from './domain/model-endpoints.js';
import { filterModels } from './domain/model-filter.js';
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

/** One of them, by any name that a request may use. Errors: those of `routing.readModel`. */
export async function readModel(exchange: Exchange, ports: ModelPorts): Promise<object> {
  const { dialect, resource, context } = exchange;
  const groupId = await requireGroup(exchange, ports);
  // Gemini clients name the resource, once more behind its collection.
  const name = resource.replace(/^models\//, '');
  const { model } = await ports.routing.readModel({ groupId, name }, context);
  return modelEntry(dialect, model);
}

/** What the group of a key reaches, and how (contract 0.8). */
export async function listAvailableModels(exchange: Exchange, ports: ModelPorts): Promise<object> {
  return { data: (await cardsOf(exchange, ports)).map(availableModel) };
}

async function cardsOf(exchange: Exchange, ports: ModelPorts): Promise<readonly ModelCard[]> {
  const groupId = await requireGroup(exchange, ports);
  const { models } = await ports.routing.listModels({ groupId }, exchange.context);
  return models;
}

async function requireGroup(exchange: Exchange, ports: ModelPorts): Promise<string> {
  const { groupId } = await authenticateAccount(exchange, ports);
  if (groupId === undefined)
    throw new GatewayError('forbidden', 'A management key has no models: ask with an API key of the group.');
  return groupId;
}

function availableModel(card: ModelCard): object {
  const { id, family, protocols, capabilities, agent } = card;
  const open = PROTOCOL_NAMES.filter((protocol) => (protocols[protocol] ?? 'none') !== 'none');
  return {
    id,
    family,
    protocols: Object.fromEntries(open.map((protocol) => [protocol, protocols[protocol]])),
    // What is native comes first, as the page prints it.
    protocols_aggregate: open
      .toSorted((one, other) => Number(protocols[other] === 'native') - Number(protocols[one] === 'native'))
      .map((protocol) => aggregate(protocol, protocols[protocol])),
    endpoints: endpointsOf(card),
    capabilities,
    agent,
  };
}

/** `shim` is the page's other word for `translated` (contract 0.2). */
function aggregate(protocol: string, state: string | undefined): string {
  if (state === 'native') return protocol;
  return `${protocol}:${state === 'shim' ? 'translated' : state}`;
}
