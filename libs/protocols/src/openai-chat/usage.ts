import type { Usage } from '@bytespike/kernel';

import { given } from '../given.js';
import type { WireUsage } from './schema.js';

const units = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : undefined;

/**
 * This wire's totals include what they are made of (protocols 2.10). Hits stand in the details, at DeepSeek in a
 * pair of its own, at Kimi at the top level.
 */
export function usageToIr(wire: WireUsage): Usage {
  const { prompt_tokens_details: details, completion_tokens_details: spent } = wire;
  const read = units(details?.cached_tokens) ?? units(wire.prompt_cache_hit_tokens) ?? units(wire.cached_tokens);
  const written = units(details?.cache_write_tokens);
  const prompt = units(wire.prompt_tokens);
  const output = units(wire.completion_tokens);
  const reasoning = units(spent?.reasoning_tokens);
  return given({
    input: prompt === undefined ? undefined : Math.max(0, prompt - (read ?? 0) - (written ?? 0)),
    cacheRead: read,
    cacheWrite30m: written,
    output: output === undefined ? undefined : Math.max(0, output - (reasoning ?? 0)),
    reasoning,
  });
}

/** The classes as this wire adds them up. */
export function usageFromIr(usage: Usage): WireUsage {
  const { input = 0, toolInput = 0, imageInput = 0, audioInput = 0, cacheRead, ...more } = usage;
  const { cacheWrite5m, cacheWrite30m, cacheWrite1h, cacheWrite12h, output = 0, reasoning, ...rest } = more;
  const { imageOutput = 0, audioOutput = 0, searchCalls: _searchCalls, ...unhandled } = rest;
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
