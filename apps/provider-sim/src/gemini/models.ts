import type { Call, JsonReply } from '../wire/wire.js';
import { refuse } from './refuse.js';

export interface GeminiModel {
  readonly id: string;
  readonly displayName: string;
  readonly generation: '2.5' | '3';
  readonly inputTokenLimit: number;
  readonly outputTokenLimit: number;
  /** Whether thinking can be turned off (budget 0) or down to `MINIMAL`. */
  readonly thinkingFloor: 'none' | 'some';
  readonly cacheTokensMin: number;
}

const LIMITS = { inputTokenLimit: 1_048_576, outputTokenLimit: 65_536 } as const;
const flash = (id: string, displayName: string, generation: GeminiModel['generation']): GeminiModel => ({
  id,
  displayName,
  generation,
  ...LIMITS,
  thinkingFloor: 'none',
  cacheTokensMin: 1024,
});
const pro = (id: string, displayName: string, generation: GeminiModel['generation']): GeminiModel => ({
  ...flash(id, displayName, generation),
  thinkingFloor: 'some',
  cacheTokensMin: 2048,
});

const MODELS: readonly GeminiModel[] = [
  flash('gemini-2.5-flash', 'Gemini 2.5 Flash', '2.5'),
  flash('gemini-2.5-flash-lite', 'Gemini 2.5 Flash-Lite', '2.5'),
  pro('gemini-2.5-pro', 'Gemini 2.5 Pro', '2.5'),
  flash('gemini-3-flash', 'Gemini 3 Flash', '3'),
  pro('gemini-3-pro', 'Gemini 3 Pro', '3'),
  pro('gemini-3.1-pro', 'Gemini 3.1 Pro', '3'),
  flash('gemini-3.1-flash-lite', 'Gemini 3.1 Flash-Lite', '3'),
  flash('gemini-3.5-flash', 'Gemini 3.5 Flash', '3'),
  flash('gemini-3.5-flash-lite', 'Gemini 3.5 Flash-Lite', '3'),
  pro('gemini-3.5-pro', 'Gemini 3.5 Pro', '3'),
  flash('gemini-3.8-flash', 'Gemini 3.8 Flash', '3'),
];

const BY_NAME: ReadonlyMap<string, GeminiModel> = new Map(MODELS.map((model) => [model.id, model]));
/** Names that move with the newest release exist on v1beta only. */
const MOVING: Readonly<Record<string, string>> = {
  'gemini-flash-latest': 'gemini-3.5-flash',
  'gemini-pro-latest': 'gemini-3.1-pro',
};

export type ApiVersion = 'v1' | 'v1beta';

/** Previews go under the name of the model they precede; `gemini-3-5-flash` is how catalogues without dots write it. */
const canonical = (name: string): string => name.replace(/-preview.*$/, '').replace(/^(gemini-\d)-(\d)(?=-)/, '$1.$2');

/** The model of a path, or Google's 404, which names the method that was asked for. Names with `sim` in them are served. */
export const geminiModel = (
  name: string,
  { version, method }: { version: ApiVersion; method: string },
): GeminiModel => {
  const moving = version === 'v1beta' ? MOVING[name] : undefined;
  return (
    BY_NAME.get(canonical(moving ?? name)) ??
    (name.includes('sim') ? flash(name, name, '3') : undefined) ??
    refuse(
      `models/${name} is not found for API version ${version}, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
      404,
    )
  );
};

const listing = (model: GeminiModel): object => ({
  name: `models/${model.id}`,
  version: '001',
  displayName: model.displayName,
  description: `Simulated ${model.displayName}`,
  inputTokenLimit: model.inputTokenLimit,
  outputTokenLimit: model.outputTokenLimit,
  supportedGenerationMethods: ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
  temperature: 1,
  topP: 0.95,
  topK: 64,
  maxTemperature: 2,
  thinking: true,
});

const json = (body: object): JsonReply => ({
  type: 'json',
  status: 200,
  headers: { 'content-type': 'application/json; charset=UTF-8' },
  body: `${JSON.stringify(body, null, 2)}\n`,
});

const PAGE_USUAL = 50;

/** Pages are cut by number; the token is where the next one starts. */
export const listGeminiModels = (call: Call): JsonReply => {
  const start = Number(call.query.get('pageToken') ?? 0);
  const end = start + Number(call.query.get('pageSize') ?? PAGE_USUAL);
  return json({
    models: MODELS.slice(start, end).map(listing),
    ...(end < MODELS.length && { nextPageToken: String(end) }),
  });
};

export const showGeminiModel = (call: Call, version: ApiVersion): JsonReply =>
  json(listing(geminiModel(call.params['model'] ?? '', { version, method: 'getModel' })));
