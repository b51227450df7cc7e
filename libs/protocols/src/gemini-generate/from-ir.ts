import type { JsonObject } from '@bytespike/kernel';
import type { Encoded, GenerateRequest, GenerateResponse, Sampling } from '@bytespike/ir';
import { unfoldResponse } from '@bytespike/ir';

import { geminiCompatibility, type GeminiCompatibility } from '../compatibility/gemini.js';
import { given, group } from '../given.js';
import { projectResponseSchema } from '../json-schema/project-schema.js';
import { createLossList, dropFields, type LossList } from '../losses.js';
import type { Addressee } from '../protocol.js';
import { speakInstructions } from '../spoken-instructions.js';
import { contentsFromIr, instructionFromIr } from './contents-from-ir.js';
import { encode } from './encode-stream.js';
import { joinChunks } from './join-chunks.js';
import type { WireGenerationConfig, WireRequest, WireResponse, WireTool } from './schema.js';
import { thinkingFromIr } from './thinking-from-ir.js';
import { isOfResult, STRICTER_SAFETY } from './to-ir.js';
import { isSearchBound } from './tools-to-ir.js';
import { callingFromIr, capitals, toolsFromIr } from './tools-from-ir.js';

const protocol = 'gemini-generate' as const;

export function requestFromIr(asked: GenerateRequest, { vendor }: Addressee): Encoded<WireRequest> {
  const losses = createLossList();
  const ir = speakInstructions(asked, losses);
  const { model, stream: _inPath, system, turns, tools, toolChoice, parallelTools, reasoning, format, ...more } = ir;
  const { verbosity, sampling, limits, caching, state, tier, identity, streamUsage: _always, ...rest } = more;
  const { extensions, ...unhandled } = rest;
  unhandled satisfies Record<string, never>;

  const to = geminiCompatibility(model);
  if (verbosity !== undefined) losses.drop('L82', 'verbosity');
  if (caching?.auto) losses.drop('L83', 'caching.auto');
  dropFields(losses, 'caching', caching, { key: 'L83' });
  dropFields(losses, 'limits', limits, { maxToolCalls: 'L82' });
  dropFields(losses, 'state', state, { previousResponseId: 'L80', conversation: 'L80', background: 'L80' });
  if (state?.store === true) losses.drop('L82', 'state.store');
  if (limits?.maxOutputTokens === 0) losses.drop('L64', 'limits.maxOutputTokens');

  const own = ownFields(extensions?.[protocol] ?? {});
  const wireTools = toolsFromIr({ tools, toolChoice }, to, losses);
  const calling = callingFromIr({ tools, toolChoice, parallelTools }, wireTools, losses);
  const wire: WireRequest = {
    contents: contentsFromIr(turns, { vendor, to, losses }),
    ...instructionFromIr(system, losses),
    ...(wireTools.length > 0 && { tools: wireTools }),
    ...group('toolConfig', {
      ...own.of('toolConfig.'),
      ...group('functionCallingConfig', { ...calling, ...own.of('toolConfig.functionCallingConfig.') }),
    }),
    ...group('generationConfig', {
      ...samplingFromIr(sampling, to, losses),
      ...given({ maxOutputTokens: limits?.maxOutputTokens || undefined }),
      ...formatFromIr(format, wireTools, { to, losses }),
      ...thinkingFromIr(reasoning, to, losses),
      ...own.of('generationConfig.'),
    }),
    ...tierFromIr(tier, losses),
    ...labelsFromIr(identity, losses),
    ...own.of(''),
  };
  return { wire, losses: losses.list };
}

/** What the names of fields begin with that stand in a group, the innermost first; of all others nothing. */
const GROUPS = ['toolConfig.functionCallingConfig.', 'toolConfig.', 'generationConfig.', ''] as const;

interface OwnFields {
  of(group: (typeof GROUPS)[number]): JsonObject;
}

/**
 * This protocol's own fields, back from under the names of their groups. The names themselves are a client's words: what else
 * is dotted in them is no path, or `__proto__.x` would be written into every object of the process.
 */
function ownFields(extensions: JsonObject): OwnFields {
  const fields = Object.entries(extensions).flatMap(([name, value]) => {
    if (isSearchBound(name) || isOfResult(name)) return [];
    const field = name === STRICTER_SAFETY ? 'safetySettings' : name;
    const group = GROUPS.find((beginning) => field.startsWith(beginning)) ?? '';
    return [{ group, name: field.slice(group.length), value }];
  });
  return {
    of: (group) =>
      Object.fromEntries(fields.flatMap((field) => (field.group === group ? [[field.name, field.value]] : []))),
  };
}

function samplingFromIr(
  sampling: Sampling | undefined,
  { stopMax, temperatureMax }: GeminiCompatibility,
  losses: LossList,
): WireGenerationConfig {
  if (!sampling) return {};
  const { temperature, topP, topK, seed, frequencyPenalty, presencePenalty, logitBias, candidates, logprobs, stop } =
    sampling;
  if (logitBias !== undefined) losses.drop('L63', 'sampling.logitBias');
  // The vendor knows both, but an answer in the hub is one, and has no probabilities.
  if ((candidates ?? 1) > 1) losses.drop('L62', 'sampling.candidates');
  if (logprobs) losses.drop('L63', 'sampling.logprobs');
  const hot = temperature !== undefined && temperature > temperatureMax;
  if (hot) losses.drop('L60', 'sampling.temperature');
  if (stop && stop.length > stopMax) losses.drop('L61', 'sampling.stop');
  return given({
    temperature: hot ? undefined : temperature,
    topP,
    topK,
    seed,
    frequencyPenalty,
    presencePenalty,
    candidateCount: candidates === 1 ? candidates : undefined,
    stopSequences: stop && stop.length > 0 ? stop.slice(0, stopMax) : undefined,
  });
}

const JSON_TYPE = 'application/json';

function formatFromIr(
  format: GenerateRequest['format'],
  wireTools: readonly WireTool[],
  { to, losses }: { readonly to: GeminiCompatibility; readonly losses: LossList },
): WireGenerationConfig {
  if (!format) return {};
  if (format.kind === 'text') return { responseMimeType: 'text/plain' };
  const offersFunctions = wireTools.some(({ functionDeclarations }) => functionDeclarations);
  if (offersFunctions && to.functionsWithOthers === 'reject') {
    losses.drop('L50', 'format');
    return {};
  }
  if (format.kind === 'json-object') return { responseMimeType: JSON_TYPE };
  const projected = projectResponseSchema(format.schema, to.schemas);
  if ('unrepresentable' in projected) {
    losses.drop('L50', `format.schema${projected.unrepresentable}`);
    return { responseMimeType: JSON_TYPE };
  }
  if (to.schemas === 'gemini-openapi')
    return { responseMimeType: JSON_TYPE, responseSchema: capitals(projected.schema) };
  return { responseMimeType: JSON_TYPE, responseJsonSchema: { ...projected.schema } };
}

const TIER = { auto: 'unspecified', standard: 'standard', flex: 'flex', priority: 'priority' } as const;

function tierFromIr(tier: GenerateRequest['tier'], losses: LossList): Pick<WireRequest, 'serviceTier'> {
  const want = tier?.want;
  if (tier?.speed === 'fast') losses.drop('L82', 'tier.speed');
  if (want === undefined) return {};
  if (want === 'auto' || want === 'standard' || want === 'flex' || want === 'priority')
    return { serviceTier: TIER[want] };
  losses.approximate('L82', 'tier.want');
  return {};
}

/** What this wire takes for a label: few, short, and in small letters. */
const LABEL = /^[a-z0-9_-]{1,63}$/;
const LABELS_MAX = 64;

function labelsFromIr(identity: GenerateRequest['identity'], losses: LossList): Pick<WireRequest, 'labels'> {
  if (identity?.endUser !== undefined) losses.drop('L82', 'identity.endUser');
  const entries = Object.entries(identity?.metadata ?? {});
  const fit = entries.filter(
    (entry): entry is [string, string] => LABEL.test(entry[0]) && typeof entry[1] === 'string' && LABEL.test(entry[1]),
  );
  const kept = fit.slice(0, LABELS_MAX);
  if (kept.length < entries.length) losses.drop('L82', 'identity.metadata');
  return kept.length > 0 ? { labels: Object.fromEntries(kept) } : {};
}

/** A response is the fold of its stream: what the stream would have said, in one piece. */
export function responseFromIr(ir: GenerateResponse): Encoded<WireResponse> {
  const losses = createLossList();
  ir.parts.forEach((part, index) => {
    const foreign = part.type === 'opaque' && part.protocol !== protocol;
    const hosted =
      (part.type === 'server-tool-call' || part.type === 'server-tool-result') && part.family !== 'web-search';
    if (foreign || hosted) losses.drop('L71', `parts.${index}`);
  });
  let state = encode.start();
  const chunks = unfoldResponse(ir).flatMap((event) => {
    const [next, written] = encode.step(state, event);
    state = next;
    return written;
  });
  return { wire: joinChunks(chunks), losses: losses.list };
}
