import type { JsonObject, Usage } from '@bytespike/kernel';

import { inclusiveUsage } from '../meter/openai-family.js';
import type { WireUsage } from './schema.js';

/**
 * The totals taken apart by the arithmetic that bills them. Hits stand in the details, at DeepSeek in a pair of its
 * own, at Kimi at the top level. Numbers that contradict each other are not passed on as if they were known.
 */
export function usageToIr(wire: WireUsage): Usage | undefined {
  const fields = wire as JsonObject;
  const reported = inclusiveUsage({
    input: fields['prompt_tokens'],
    cached: fields['prompt_cache_hit_tokens'] ?? fields['cached_tokens'],
    inputDetails: fields['prompt_tokens_details'],
    output: fields['completion_tokens'],
    outputDetails: fields['completion_tokens_details'],
    total: fields['total_tokens'],
  });
  return reported.quarantined ? undefined : reported.usage;
}

/** The classes as this wire adds them up. */
export function usageFromIr(usage: Usage): WireUsage {
  const { input = 0, toolInput = 0, imageInput = 0, audioInput = 0, cacheRead, ...more } = usage;
  const { cacheWrite5m, cacheWrite30m, cacheWrite1h, cacheWrite12h, output = 0, reasoning, ...rest } = more;
  const { imageOutput = 0, audioOutput = 0, searchCalls: _searchCalls, ...others } = rest;
  // Sold by the piece, never on a wire of text.
  const { images: _images, seconds: _seconds, ...unhandled } = others;
  unhandled satisfies Record<string, never>;
  const writes = [cacheWrite5m, cacheWrite30m, cacheWrite1h, cacheWrite12h].filter((part) => part !== undefined);
  const written = writes.reduce((sum, part) => sum + part, 0);
  const prompt = input + toolInput + imageInput + audioInput + (cacheRead ?? 0) + written;
  const completion = output + (reasoning ?? 0) + imageOutput + audioOutput;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...((cacheRead !== undefined || writes.length > 0) && {
      prompt_tokens_details: {
        cached_tokens: cacheRead ?? 0,
        ...(writes.length > 0 && { cache_write_tokens: written }),
      },
    }),
    ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}
