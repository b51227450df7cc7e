import type { Usage } from '@bytespike/kernel';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import type { WireUsage } from './schema.js';

const units = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : undefined;

/**
 * Anthropic counts cached input apart from `input_tokens`, and thinking within `output_tokens` (protocols 2.10).
 * Cache writes without a breakdown are of the default lifetime, five minutes.
 */
export function usageToIr(wire: WireUsage): Usage {
  const thinking = units(wire.output_tokens_details?.thinking_tokens);
  const output = units(wire.output_tokens);
  const written = units(wire.cache_creation_input_tokens);
  const hour = units(wire.cache_creation?.ephemeral_1h_input_tokens);
  return given({
    input: units(wire.input_tokens),
    cacheRead: units(wire.cache_read_input_tokens),
    cacheWrite5m: written === undefined ? undefined : Math.max(0, written - (hour ?? 0)),
    cacheWrite1h: hour,
    output: output === undefined ? undefined : Math.max(0, output - (thinking ?? 0)),
    reasoning: thinking,
    searchCalls: units(wire.server_tool_use?.web_search_requests),
  });
}

const TIER = { standard: 'standard', priority: 'priority', batch: 'batch' } as const;

/** The classes as this wire adds them up. Required numbers are zero where the vendor reported nothing. */
export function usageFromIr(usage: Usage, tier?: string): WireUsage {
  const { input = 0, toolInput = 0, imageInput = 0, audioInput = 0, cacheRead, ...more } = usage;
  const { cacheWrite5m, cacheWrite1h, cacheWrite30m, cacheWrite12h, output = 0, reasoning, ...rest } = more;
  const { imageOutput = 0, audioOutput = 0, searchCalls, ...unhandled } = rest;
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
