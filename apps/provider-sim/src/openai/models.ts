import type { Call, JsonReply } from '../wire/wire.js';
import { refuse } from './refuse.js';

/** What validation and generation need to know of one OpenAI model. */
export interface OpenaiModel {
  readonly id: string;
  readonly created: number;
  readonly contextTokens: number;
  readonly outputTokensMax: number;
  /** The efforts a reasoning model takes, the first one being its default; absent where the model does not reason. */
  readonly efforts?: readonly string[];
  readonly search: 'tool' | 'always' | 'none';
  /** Since 5.6, cache writes are reported and billed. */
  readonly reportsCacheWrites?: true;
}

type Traits = Omit<OpenaiModel, 'id' | 'created'>;

const CLASSIC: Traits = { contextTokens: 128_000, outputTokensMax: 16_384, search: 'tool' };
const FIRST_REASONING: Traits = {
  contextTokens: 400_000,
  outputTokensMax: 128_000,
  efforts: ['medium', 'minimal', 'low', 'high'],
  search: 'tool',
};
const REASONING: Traits = { ...FIRST_REASONING, efforts: ['none', 'low', 'medium', 'high', 'xhigh'] };
const LATEST: Traits = {
  ...REASONING,
  efforts: ['none', 'low', 'medium', 'high', 'xhigh', 'max'],
  reportsCacheWrites: true,
};
const O_SERIES: Traits = {
  contextTokens: 200_000,
  outputTokensMax: 100_000,
  efforts: ['medium', 'low', 'high'],
  search: 'tool',
};
const SEARCHING: Traits = { ...CLASSIC, search: 'always' };

const TRAITS: Readonly<Record<string, Traits>> = {
  'gpt-4o': CLASSIC,
  'gpt-4o-mini': CLASSIC,
  'gpt-4.1': { ...CLASSIC, contextTokens: 1_047_576, outputTokensMax: 32_768 },
  'gpt-4.1-mini': { ...CLASSIC, contextTokens: 1_047_576, outputTokensMax: 32_768 },
  'gpt-4o-search-preview': SEARCHING,
  'gpt-5-search-api': SEARCHING,
  o3: O_SERIES,
  'o4-mini': O_SERIES,
  'gpt-5': FIRST_REASONING,
  'gpt-5-mini': FIRST_REASONING,
  'gpt-5-nano': FIRST_REASONING,
  'gpt-5.1': REASONING,
  'gpt-5.2': REASONING,
  'gpt-5.4': { ...REASONING, contextTokens: 1_050_000 },
  'gpt-5.4-pro': { ...REASONING, contextTokens: 1_050_000, efforts: ['medium', 'high', 'xhigh'] },
  'gpt-5.4-mini': REASONING,
  'gpt-5.4-nano': REASONING,
  'gpt-5.5': { ...REASONING, contextTokens: 1_050_000 },
  'gpt-5.6': LATEST,
  'gpt-6': LATEST,
  'gpt-6.1': LATEST,
};

const FIRST_CREATED = 1_715_367_049;
const CREATED_STEP = 2_160_000;

const MODELS: ReadonlyMap<string, OpenaiModel> = new Map(
  Object.entries(TRAITS).map(([id, traits], index) => [
    id,
    { id, created: FIRST_CREATED + index * CREATED_STEP, ...traits },
  ]),
);

/** `gpt-5.5-2026-04-23` is a dated name of `gpt-5.5`; `gpt-5-5` is how catalogues without dots write it. */
const canonical = (name: string): string =>
  name.replace(/-20\d\d-\d\d-\d\d$/, '').replace(/^(gpt-\d)-(\d)(?=-|$)/, '$1.$2');

/** The model of a request, or OpenAI's 404. A name with `sim` in it is nobody's: it is served, for one's own experiments. */
export const openaiModel = (name: string): OpenaiModel =>
  MODELS.get(canonical(name)) ??
  (name.includes('sim') ? { id: name, created: FIRST_CREATED, ...LATEST } : undefined) ??
  refuse(`The model \`${name}\` does not exist or you do not have access to it.`, {
    status: 404,
    code: 'model_not_found',
  });

/** The effort that applies: the one asked for, else the model's default. A model that does not reason makes none. */
export const effortFor = (model: OpenaiModel, asked: unknown): string => {
  if (model.efforts === undefined) return 'none';
  return typeof asked === 'string' ? asked : (model.efforts[0] ?? 'none');
};

const HEADERS = { 'content-type': 'application/json' } as const;

const listing = (model: OpenaiModel): object => ({
  id: model.id,
  object: 'model',
  created: model.created,
  owned_by: 'system',
});

export const listOpenaiModels = (): JsonReply => ({
  type: 'json',
  status: 200,
  headers: HEADERS,
  body: JSON.stringify({ object: 'list', data: Array.from(MODELS.values(), listing) }),
});

export const showOpenaiModel = (call: Call): JsonReply => {
  const name = call.params['model'] ?? '';
  const model =
    MODELS.get(name) ??
    refuse(`The model '${name}' does not exist`, { status: 404, param: 'model', code: 'model_not_found' });
  return { type: 'json', status: 200, headers: HEADERS, body: JSON.stringify(listing(model)) };
};
