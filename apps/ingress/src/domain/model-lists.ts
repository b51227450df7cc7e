import type { ModelCard } from '@bytespike/contracts';
import { GatewayError, type ProtocolName } from '@bytespike/kernel';

import type { Dialect } from './dialect.js';
import { endpointsOf } from './model-endpoints.js';
import { readPageSize, type PageSizes } from './page-size.js';

/** `GET /v1/models` in the shape each client reads (contract 4.6, protocols 1.1, 1.2, 1.4). */
export function modelList(dialect: Dialect, cards: readonly ModelCard[], query: URLSearchParams): object {
  if (dialect === 'anthropic-messages') return anthropicPage(callable(cards, dialect), query);
  if (dialect === 'gemini-generate') return geminiPage(callable(cards, dialect), query);
  return { object: 'list', data: cards.map(openAiModel) };
}

/** One model in the same shapes. Throws `model-not-found` where a list in this dialect would not have it. */
export function modelEntry(dialect: Dialect, card: ModelCard): object {
  if ((dialect === 'anthropic-messages' || dialect === 'gemini-generate') && callable([card], dialect).length === 0)
    throw new GatewayError('model-not-found', `The model "${card.id}" is not served on ${dialect}.`);
  if (dialect === 'anthropic-messages') return anthropicModel(card);
  return dialect === 'gemini-generate' ? geminiModel(card) : openAiModel(card);
}

/** A list is no use to a client that cannot call what is in it. OpenAI's lists everything the key reaches. */
const callable = (cards: readonly ModelCard[], protocol: ProtocolName): readonly ModelCard[] =>
  cards.filter(({ protocols }) => (protocols[protocol] ?? 'none') !== 'none');

const openAiModel = (card: ModelCard): object => ({
  id: card.id,
  object: 'model',
  created: card.created,
  owned_by: card.vendor,
  family: card.family,
  capabilities: card.capabilities,
  context_window: card.contextWindow,
  max_output_tokens: card.maxOutputTokens,
  input_modalities: card.inputModalities,
  output_modalities: card.outputModalities,
  endpoints: endpointsOf(card),
  pricing_url: `https://bytespike.ai/pricing#${card.id}`,
});

const anthropicModel = (card: ModelCard): object => ({
  type: 'model',
  id: card.id,
  display_name: card.displayName,
  created_at: new Date(card.created * 1_000).toISOString(),
  max_input_tokens: card.contextWindow,
  max_tokens: card.maxOutputTokens,
  lifecycle: 'active',
});

const geminiModel = (card: ModelCard): object => ({
  name: `models/${card.id}`,
  baseModelId: card.id,
  version: card.id,
  displayName: card.displayName,
  description: `${card.displayName} by ${card.vendor}`,
  inputTokenLimit: card.contextWindow,
  outputTokenLimit: card.maxOutputTokens,
  supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
  thinking: card.capabilities.includes('thinking'),
});

const ANTHROPIC_PAGE: PageSizes = { usual: 20, max: 1_000, beyond: 'cut' };
const GEMINI_PAGE: PageSizes = { usual: 50, max: 1_000, beyond: 'cut' };

function anthropicPage(cards: readonly ModelCard[], query: URLSearchParams): object {
  const limit = readPageSize(query, 'limit', ANTHROPIC_PAGE);
  const [afterId, beforeId] = [query.get('after_id'), query.get('before_id')];
  const start = afterId === null ? 0 : placeOf(cards, afterId, 'after_id') + 1;
  const end = beforeId === null ? cards.length : placeOf(cards, beforeId, 'before_id');
  // Before an id, the page is the one that ends there.
  const page = beforeId === null ? cards.slice(start, start + limit) : cards.slice(Math.max(0, end - limit), end);
  const hasMore = beforeId === null ? start + limit < cards.length : end - limit > 0;
  return {
    data: page.map(anthropicModel),
    has_more: hasMore,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

function geminiPage(cards: readonly ModelCard[], query: URLSearchParams): object {
  const size = readPageSize(query, 'pageSize', GEMINI_PAGE);
  const token = query.get('pageToken');
  const start = token === null || token === '' ? 0 : placeOf(cards, token, 'pageToken');
  const next = cards[start + size];
  return { models: cards.slice(start, start + size).map(geminiModel), ...(next && { nextPageToken: next.id }) };
}

function placeOf(cards: readonly ModelCard[], id: string, parameter: string): number {
  const place = cards.findIndex((card) => card.id === id);
  if (place < 0)
    throw new GatewayError('invalid-request', `${parameter}: does not name a model of this list`, {
      details: { param: parameter },
    });
  return place;
}
