import type { JsonObject, Usage } from '@bytespike/kernel';

import { inclusiveUsage } from '../meter/openai-family.js';
import { count } from '../meter/reported-usage.js';
import type { WireResponse, WireUsage } from './schema-events.js';

/**
 * The totals of an answer taken apart by the arithmetic that bills them; searches stand beside them. Numbers that
 * contradict each other are not passed on as if they were known.
 */
export function usageToIr({ usage, tool_usage }: Pick<WireResponse, 'usage' | 'tool_usage'>): Usage | undefined {
  if (!usage) return undefined;
  const fields = usage as JsonObject;
  const reported = inclusiveUsage({
    input: fields['input_tokens'],
    cached: undefined,
    inputDetails: fields['input_tokens_details'],
    output: fields['output_tokens'],
    outputDetails: fields['output_tokens_details'],
    total: fields['total_tokens'],
    searches: count(tool_usage?.web_search?.num_requests),
  });
  return reported.quarantined ? undefined : reported.usage;
}

/** The classes as this wire adds them up; lifetimes it has no name for are in the total alone (protocols 2.10). */
export function usageFromIr(usage: Usage): WireUsage {
  const { input = 0, toolInput = 0, imageInput = 0, audioInput = 0, cacheRead = 0, ...more } = usage;
  const { cacheWrite5m = 0, cacheWrite30m, cacheWrite1h = 0, cacheWrite12h, output = 0, reasoning = 0, ...rest } = more;
  const { imageOutput = 0, audioOutput = 0, searchCalls: _searchCalls, ...others } = rest;
  // Sold by the piece, never on a wire of text.
  const { images: _images, seconds: _seconds, ...unhandled } = others;
  unhandled satisfies Record<string, never>;
  const written = cacheWrite5m + (cacheWrite30m ?? 0) + cacheWrite1h + (cacheWrite12h ?? 0);
  const inputTokens = input + toolInput + imageInput + audioInput + cacheRead + written;
  const outputTokens = output + reasoning + imageOutput + audioOutput;
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: cacheRead,
      cache_write_tokens: written,
      ...((cacheWrite30m !== undefined || cacheWrite12h !== undefined) && {
        cache_write_tokens_details: { ttl_30m_tokens: cacheWrite30m ?? 0, ttl_12h_tokens: cacheWrite12h ?? 0 },
      }),
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: inputTokens + outputTokens,
  };
}
