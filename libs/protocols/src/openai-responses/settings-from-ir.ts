import type { GenerateRequest, Sampling } from '@bytespike/ir';

import type { ResponsesCompatibility } from '../compatibility/responses.js';
import { given } from '../given.js';
import { projectResponseSchema } from '../json-schema/project-schema.js';
import { dropFields, type LossList } from '../losses.js';
import type { WireRequest } from './schema.js';

export function limitsFromIr(
  asked: number | undefined,
  to: ResponsesCompatibility,
  losses: LossList,
): Pick<WireRequest, 'max_output_tokens' | 'prompt_cache_options'> {
  // An answer of no tokens is asked for to fill the cache; this wire has a word of its own for that.
  if (asked === 0 && to.cacheMarks === 'send') return { prompt_cache_options: { prewarm: true } };
  if (asked === 0) losses.drop('L64', 'limits.maxOutputTokens');
  const tooLow = asked !== undefined && asked > 0 && asked < to.outputTokensMin;
  if (tooLow) losses.approximate('L65', 'limits.maxOutputTokens');
  return given({ max_output_tokens: tooLow ? to.outputTokensMin : asked || undefined });
}

export function samplingFromIr(
  sampling: Sampling | undefined,
  thinking: 'on' | 'off',
  to: ResponsesCompatibility,
  losses: LossList,
): Pick<WireRequest, 'temperature' | 'top_p' | 'top_logprobs'> {
  if (!sampling) return {};
  const { temperature, topP, logprobs, stop, candidates, topK, seed, ...more } = sampling;
  const { frequencyPenalty, presencePenalty, logitBias, ...unhandled } = more;
  unhandled satisfies Record<string, never>;
  dropFields(
    losses,
    'sampling',
    { topK, seed, frequencyPenalty, presencePenalty, logitBias },
    { topK: 'L60', seed: 'L60', frequencyPenalty: 'L60', presencePenalty: 'L60', logitBias: 'L63' },
  );
  if (stop && stop.length > 0) losses.drop('L61', 'sampling.stop');
  if ((candidates ?? 1) > 1) losses.drop('L62', 'sampling.candidates');
  const tuned = to.sampling === 'send' || (to.sampling === 'unless-thinking' && thinking === 'off');
  if (!tuned) {
    dropFields(
      losses,
      'sampling',
      { temperature, topP, logprobs },
      { temperature: 'L60', topP: 'L60', logprobs: 'L63' },
    );
    return {};
  }
  if (logprobs && to.ownFields === 'drop') losses.drop('L63', 'sampling.logprobs');
  const top_logprobs = to.ownFields === 'send' ? logprobs?.top : undefined;
  return given({ temperature, top_p: topP, top_logprobs });
}

export function formatFromIr(format: GenerateRequest['format'], to: ResponsesCompatibility, losses: LossList) {
  if (!format) return undefined;
  if (format.kind === 'text') return { type: 'text' as const };
  if ((format.kind === 'json-object' ? to.jsonObject : to.jsonSchema) === 'reject') {
    losses.drop('L50', 'format');
    return undefined;
  }
  if (format.kind === 'json-object') return { type: 'json_object' as const };
  const { name = 'response', description, strict } = format;
  const projected = strict ? projectResponseSchema(format.schema, 'openai-strict') : { schema: format.schema };
  if (!('schema' in projected)) {
    losses.drop('L50', `format.schema${projected.unrepresentable}`);
    return undefined;
  }
  const { schema } = projected;
  return { type: 'json_schema' as const, name, ...given({ description }), schema, ...given({ strict }) };
}
