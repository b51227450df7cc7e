import { isJsonObject, type JsonValue, type Usage } from '@bytespike/kernel';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import { count, reportedUsage, totals, type ReportedUsage } from '../meter/reported-usage.js';
import type { WireUsage } from './schema.js';

/**
 * Inside a report that came, a number that did not is zero: proto-JSON leaves zeros out. The prompt includes what was
 * cached, the candidates exclude the thoughts, and tools' prompts are counted apart (protocols 2.10).
 */
export function readUsage(wire: Counts, searches: number): ReportedUsage {
  const prompt = count(wire.promptTokenCount);
  const cacheRead = count(wire.cachedContentTokenCount);
  const toolInput = count(wire.toolUsePromptTokenCount);
  const output = count(wire.candidatesTokenCount);
  const reasoning = count(wire.thoughtsTokenCount);
  const given = notCached(wire.promptTokensDetails, wire.cacheTokensDetails);
  const made = byModality(wire.candidatesTokensDetails);
  return reportedUsage(
    {
      ...{ input: prompt - cacheRead - given.image - given.audio, cacheRead, toolInput },
      ...{ imageInput: given.image, audioInput: given.audio },
      ...{ output: output - made.image - made.audio, imageOutput: made.image, audioOutput: made.audio, reasoning },
      searchCalls: searches,
    },
    totals(wire.totalTokenCount, prompt + toolInput + output + reasoning) ? 'yes' : 'no',
  );
}

/** Tokens of what is priced apart from words. Video and documents are not. */
interface Media {
  readonly image: number;
  readonly audio: number;
}

function byModality(details: JsonValue | undefined): Media {
  const rows = Array.isArray(details) ? (details as readonly JsonValue[]).filter(isJsonObject) : [];
  const sumOf = (wanted: string): number =>
    rows.reduce((sum, { modality, tokenCount }) => (modality === wanted ? sum + count(tokenCount) : sum), 0);
  return { image: sumOf('IMAGE'), audio: sumOf('AUDIO') };
}

/** The details of a prompt include what was cached of it, and so would the classes. */
function notCached(prompt: JsonValue | undefined, cached: JsonValue | undefined): Media {
  const [all, read] = [byModality(prompt), byModality(cached)];
  return { image: Math.max(0, all.image - read.image), audio: Math.max(0, all.audio - read.audio) };
}

interface Counts {
  readonly promptTokenCount?: JsonValue | undefined;
  readonly cachedContentTokenCount?: JsonValue | undefined;
  readonly candidatesTokenCount?: JsonValue | undefined;
  readonly thoughtsTokenCount?: JsonValue | undefined;
  readonly toolUsePromptTokenCount?: JsonValue | undefined;
  readonly totalTokenCount?: JsonValue | undefined;
  readonly promptTokensDetails?: JsonValue | undefined;
  readonly cacheTokensDetails?: JsonValue | undefined;
  readonly candidatesTokensDetails?: JsonValue | undefined;
}

/** Numbers that contradict each other are not passed on as if they were known. */
export function usageToIr(wire: WireUsage, searches: number): Usage | undefined {
  const reported = readUsage(wire, searches);
  return reported.quarantined ? undefined : reported.usage;
}

const TIER = { standard: 'standard', flex: 'flex', priority: 'priority' } as const;

export const tierToIr = (wire: WireUsage | null | undefined): string | undefined =>
  lookUp(TIER, wire?.serviceTier?.toLowerCase());

/** The classes as this wire adds them up; what is zero is left out, but for the two numbers every client reads. */
export function usageFromIr(usage: Usage, tier: string | undefined): WireUsage {
  const { input = 0, toolInput = 0, imageInput = 0, audioInput = 0, cacheRead = 0, ...more } = usage;
  const { cacheWrite5m = 0, cacheWrite1h = 0, cacheWrite30m = 0, cacheWrite12h = 0, ...other } = more;
  const { output = 0, reasoning = 0, imageOutput = 0, audioOutput = 0, searchCalls: _asQueries, ...others } = other;
  // Sold by the piece, never on a wire of text.
  const { images: _images, seconds: _seconds, ...unhandled } = others;
  unhandled satisfies Record<string, never>;
  const written = cacheWrite5m + cacheWrite1h + cacheWrite30m + cacheWrite12h;
  const prompt = input + cacheRead + written + imageInput + audioInput;
  const said = output + imageOutput + audioOutput;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: said,
    totalTokenCount: prompt + toolInput + said + reasoning,
    ...(cacheRead > 0 && { cachedContentTokenCount: cacheRead }),
    ...(toolInput > 0 && { toolUsePromptTokenCount: toolInput }),
    ...(reasoning > 0 && { thoughtsTokenCount: reasoning }),
    ...given({ serviceTier: lookUp(TIER, tier) }),
  };
}
