import type { Usage } from '@bytespike/kernel';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import { count, reportedUsage } from '../meter/reported-usage.js';
import type { WireUsage } from './schema.js';

/**
 * Anthropic counts cached input apart from `input_tokens`, and thinking within `output_tokens` (protocols 2.10).
 * Cache writes without a breakdown are of the default lifetime, five minutes. Numbers that contradict each other are
 * not passed on as if they were known.
 */
export function usageToIr(wire: WireUsage): Usage | undefined {
  const thinking = count(wire.output_tokens_details?.thinking_tokens);
  const hour = count(wire.cache_creation?.ephemeral_1h_input_tokens);
  const reported = reportedUsage(
    {
      input: count(wire.input_tokens),
      cacheRead: count(wire.cache_read_input_tokens),
      cacheWrite5m: count(wire.cache_creation_input_tokens) - hour,
      cacheWrite1h: hour,
      output: count(wire.output_tokens) - thinking,
      reasoning: thinking,
      searchCalls: count(wire.server_tool_use?.web_search_requests),
    },
    'yes',
  );
  return reported.quarantined ? undefined : reported.usage;
}

const TIER = { standard: 'standard', priority: 'priority', batch: 'batch' } as const;

/** The classes as this wire adds them up. Required numbers are zero where the vendor reported nothing. */
export function usageFromIr(usage: Usage, tier?: string): WireUsage {
  const { input = 0, toolInput = 0, imageInput = 0, audioInput = 0, cacheRead, ...more } = usage;
  const { cacheWrite5m, cacheWrite1h, cacheWrite30m, cacheWrite12h, output = 0, reasoning, ...rest } = more;
  const { imageOutput = 0, audioOutput = 0, searchCalls, ...others } = rest;
  // Sold by the piece, never on a wire of text.
  const { images: _images, seconds: _seconds, ...unhandled } = others;
  unhandled satisfies Record<string, never>;
  const written = [cacheWrite5m, cacheWrite1h, cacheWrite30m, cacheWrite12h].filter((part) => part !== undefined);
  return {
    input_tokens: input + toolInput + imageInput + audioInput,
    output_tokens: output + (reasoning ?? 0) + imageOutput + audioOutput,
    cache_read_input_tokens: cacheRead ?? 0,
    cache_creation_input_tokens: written.reduce((sum, part) => sum + part, 0),
    ...((cacheWrite5m !== undefined || cacheWrite1h !== undefined) && {
      cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m ?? 0, ephemeral_1h_input_tokens: cacheWrite1h ?? 0 },
    }),
    ...(reasoning !== undefined && { output_tokens_details: { thinking_tokens: reasoning } }),
    ...given({ service_tier: lookUp(TIER, tier) }),
    ...(searchCalls !== undefined && { server_tool_use: { web_search_requests: searchCalls } }),
  };
}
