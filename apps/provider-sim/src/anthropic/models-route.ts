import type { Call, JsonReply } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { refuseAt } from './shape.js';
import type { ModelCard } from './models.js';
import { findModel, MODELS } from './models.js';
import type { Persona } from './persona.js';

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 1_000;

const supported = (value: boolean) => ({ supported: value });

const infoOf = (card: ModelCard) => ({
  type: 'model',
  id: card.id,
  display_name: card.name,
  created_at: `${card.created}T00:00:00Z`,
  max_input_tokens: card.tokensInMax,
  max_tokens: card.tokensOutMax,
  capabilities: capabilitiesOf(card),
  lifecycle: card.lifecycle,
  line: card.line,
  deprecated_at: null,
  retires_at: null,
});

const capabilitiesOf = (card: ModelCard) => ({
  batch: supported(true),
  citations: supported(true),
  code_execution: supported(true),
  context_management: {
    supported: true,
    clear_thinking_20251015: supported(true),
    clear_tool_uses_20250919: supported(true),
    compact_20260112: supported(card.thinking.includes('adaptive')),
  },
  effort: {
    supported: card.effort.length > 0,
    ...Object.fromEntries(
      ['low', 'medium', 'high', 'xhigh', 'max'].map((level) => [level, supported(card.effort.includes(level))]),
    ),
  },
  image_input: supported(true),
  pdf_input: supported(true),
  server_tools: { supported: true, web_search: supported(true), code_execution: supported(true) },
  structured_outputs: supported(true),
  thinking: {
    supported: true,
    types: {
      adaptive: supported(card.thinking.includes('adaptive')),
      enabled: supported(card.thinking.includes('enabled')),
      between_tools: supported(card.thinking.includes('between_tools')),
    },
  },
});

const json = (persona: Persona, call: Call, value: unknown): JsonReply => ({
  type: 'json',
  status: 200,
  headers: { ...persona.headers(call), 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const limitOf = (query: URLSearchParams): number => {
  const asked = query.get('limit');
  if (asked === null) return LIMIT_DEFAULT;
  const limit = Number(asked);
  if (!Number.isInteger(limit)) return refuseAt('limit', 'Input should be a valid integer');
  if (limit < 1) return refuseAt('limit', 'Input should be greater than or equal to 1');
  return limit > LIMIT_MAX ? refuseAt('limit', `Input should be less than or equal to ${LIMIT_MAX}`) : limit;
};

/** `GET /v1/models`, newest first, paged by id in either direction. */
export const listModelsRoute = (persona: Persona) => (call: Call) => {
  const limit = limitOf(call.query);
  const wanted = [...call.query.getAll('lifecycle'), ...call.query.getAll('lifecycle[]')];
  const cards = MODELS.filter((card) => wanted.length === 0 || wanted.includes(card.lifecycle));
  const after = cards.findIndex((card) => card.id === call.query.get('after_id'));
  const before = cards.findIndex((card) => card.id === call.query.get('before_id'));
  const start = before >= 0 ? Math.max(0, before - limit) : after + 1;
  const end = before >= 0 ? before : start + limit;
  const page = cards.slice(start, end);
  return json(persona, call, {
    data: page.map(infoOf),
    has_more: before >= 0 ? start > 0 : end < cards.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  });
};

/** `GET /v1/models/{id}`, which also resolves aliases. */
export const getModelRoute = (persona: Persona) => (call: Call) => {
  const name = call.params.model ?? '';
  const card = findModel(name);
  if (card === undefined) throw new Refusal({ status: 404, type: 'not_found_error', message: `model: ${name}` });
  return json(persona, call, infoOf(card));
};
