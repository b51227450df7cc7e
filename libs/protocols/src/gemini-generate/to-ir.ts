import type { JsonObject, JsonValue } from '@bytespike/kernel';
import {
  foldStream,
  type Effort,
  type GenerateRequest,
  type GenerateResponse,
  type OutputFormat,
  type ReasoningRequest,
  type Tier,
} from '@bytespike/ir';

import { given, group } from '../given.js';
import { lookUp } from '../look-up.js';
import { contentsToIr, instructionToIr } from './contents-to-ir.js';
import { eventsOfAnswer } from './decode-stream.js';
import { toJsonSchema } from './openapi-schema.js';
import type { WireGenerationConfig, WireRequest, WireResponse } from './schema.js';
import { choiceToIr, searchBounds, toolsToIr } from './tools-to-ir.js';

const protocol = 'gemini-generate' as const;

const LEVEL = { MINIMAL: 'minimal', LOW: 'low', MEDIUM: 'medium', HIGH: 'high' } as const satisfies Record<
  string,
  Effort
>;
const TIER = {
  unspecified: 'auto',
  standard: 'standard',
  flex: 'flex',
  priority: 'priority',
} as const satisfies Record<string, NonNullable<Tier['want']>>;

/** Thresholds no stricter than what holds without any: current models filter nothing by default. */
const LENIENT: readonly string[] = ['OFF', 'BLOCK_NONE', 'HARM_BLOCK_THRESHOLD_UNSPECIFIED'];

const JSON_TYPE = 'application/json';

export function requestToIr(wire: WireRequest): GenerateRequest {
  const { contents, systemInstruction, tools, toolConfig, generationConfig, safetySettings, labels, ...more } = wire;
  const { serviceTier, ...rest } = more;
  const { functionCallingConfig: calling, ...toolRest } = toolConfig ?? {};
  const { streamFunctionCallArguments, ...callingRest } = calling ?? {};
  const { sampling, limits, reasoning, format, unread } = generationToIr(generationConfig ?? {});
  const tier = lookUp(TIER, serviceTier?.toLowerCase());
  const toolChoice = choiceToIr(callingRest);
  const extensions: JsonObject = {
    ...(withoutModel(rest) as JsonObject),
    ...prefixed('generationConfig', unread),
    ...prefixed('toolConfig', toolRest as JsonObject),
    ...prefixed('toolConfig.functionCallingConfig', { streamFunctionCallArguments } as JsonObject),
    ...safetyToIr(safetySettings ?? []),
    ...searchBounds(tools ?? []),
    ...scheduledResults(contents),
    ...(serviceTier !== undefined && !tier && { serviceTier }),
  };
  return {
    model: '',
    stream: false,
    system: instructionToIr(systemInstruction),
    turns: contentsToIr(contents),
    tools: toolsToIr(tools ?? [], callingRest),
    ...given({ toolChoice, reasoning, format }),
    ...group('sampling', sampling),
    ...group('limits', limits),
    ...group('tier', { want: tier }),
    ...group('identity', { metadata: labels }),
    ...(Object.keys(extensions).length > 0 && { extensions: { [protocol]: extensions } }),
  };
}

/** How a result is taken up by a model that went on without it; each is told at its place where nobody reads it. */
const scheduledResults = (contents: WireRequest['contents']): JsonObject =>
  Object.fromEntries(
    contents.flatMap(({ parts }, content) =>
      parts.flatMap(({ functionResponse: response }, part) => {
        const { willContinue, scheduling } = (response ?? {}) as JsonObject;
        const told = given({ willContinue: willContinue === true ? true : undefined, scheduling }) as JsonObject;
        const place = `${RESULT}${content}.parts.${part}.functionResponse`;
        return Object.entries(prefixed(place, told));
      }),
    ),
  );

const RESULT = 'contents.';

/** Whether a field stands in a result, which keeps it for its own vendor. */
export const isOfResult = (field: string): boolean => field.startsWith(RESULT);

/** The model is said in the path; the SDKs of one vendor repeat it in the body. */
function withoutModel(rest: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { model: _inPath, ...fields } = rest;
  return fields;
}

/** Fields of a group under dotted names, so that each can be lost under its own. */
const prefixed = (name: string, fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[`${name}.${key}`, value]])),
  );

function generationToIr(config: WireGenerationConfig) {
  const { temperature, topP, topK, candidateCount, maxOutputTokens, stopSequences, ...more } = config;
  const { presencePenalty, frequencyPenalty, seed, responseLogprobs, logprobs, ...other } = more;
  const { responseMimeType, responseSchema, responseJsonSchema, responseModalities, thinkingConfig, ...unread } = other;
  const format = formatToIr({ responseMimeType, responseSchema, responseJsonSchema });
  const ofText = responseModalities?.every((modality) => modality.toUpperCase() === 'TEXT') ?? true;
  return {
    sampling: {
      temperature,
      topP,
      topK,
      seed,
      // A penalty of nought penalises nothing.
      frequencyPenalty: frequencyPenalty || undefined,
      presencePenalty: presencePenalty || undefined,
      candidates: candidateCount,
      logprobs: responseLogprobs === true ? given({ top: logprobs }) : undefined,
      stop: stopSequences,
    },
    limits: { maxOutputTokens },
    reasoning: thinkingConfig && thinkingToIr(thinkingConfig),
    format,
    unread: {
      ...(unread as JsonObject),
      ...unknownLevel(thinkingConfig),
      ...(!ofText && { responseModalities: responseModalities as readonly JsonValue[] | undefined }),
      ...(responseMimeType !== undefined && !format && { responseMimeType }),
    },
  };
}

function formatToIr({
  responseMimeType,
  responseSchema,
  responseJsonSchema,
}: Pick<WireGenerationConfig, 'responseMimeType' | 'responseSchema' | 'responseJsonSchema'>): OutputFormat | undefined {
  const schema = (responseJsonSchema ?? responseSchema) as JsonObject | undefined;
  if (schema && (responseMimeType === undefined || responseMimeType === JSON_TYPE))
    return { kind: 'json-schema', schema: toJsonSchema(schema), strict: true };
  if (responseMimeType === JSON_TYPE) return { kind: 'json-object' };
  return responseMimeType === 'text/plain' ? { kind: 'text' } : undefined;
}

const UNSPECIFIED_LEVEL = 'THINKING_LEVEL_UNSPECIFIED';

/** A level nobody knows, so that its loss is told. */
function unknownLevel({ thinkingLevel }: NonNullable<WireGenerationConfig['thinkingConfig']> = {}): JsonObject {
  const level = thinkingLevel?.toUpperCase();
  const known = level === undefined || level === UNSPECIFIED_LEVEL || lookUp(LEVEL, level) !== undefined;
  return known ? {} : { 'thinkingConfig.thinkingLevel': thinkingLevel ?? '' };
}

/** Thoughts are shown to callers who ask for them, so a caller who does not has said that none are wanted. */
function thinkingToIr(thinking: NonNullable<WireGenerationConfig['thinkingConfig']>): ReasoningRequest {
  const { includeThoughts, thinkingBudget: budget, thinkingLevel } = thinking;
  const mode = budget === undefined ? undefined : budget === 0 ? 'off' : budget < 0 ? 'auto' : 'on';
  return {
    show: includeThoughts === true ? 'summary' : 'none',
    ...given({
      mode,
      effort: lookUp(LEVEL, thinkingLevel?.toUpperCase()),
      budgetTokens: mode === 'on' ? budget : undefined,
    }),
  };
}

/** Settings that only repeat a default, and settings that ask for more than it: the second must not be lost quietly. */
function safetyToIr(settings: NonNullable<WireRequest['safetySettings']>): JsonObject {
  if (settings.length === 0) return {};
  const lenient = settings.every(({ threshold }) => threshold === undefined || LENIENT.includes(threshold));
  return { [lenient ? 'safetySettings' : STRICTER_SAFETY]: settings as readonly JsonObject[] };
}

/** The name under which safety settings that ask for more than the default are kept. */
export const STRICTER_SAFETY = 'safetySettings.stricter';

/** An answer is a stream of one chunk, so there is one reader for both. */
export const responseToIr = (wire: WireResponse): GenerateResponse => foldStream(eventsOfAnswer(wire));
