import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { count, reportedUsage, totals, type ReportedUsage } from './reported-usage.js';

/** The counters both of one company's protocols report, under whichever names. */
export interface InclusiveCounts {
  readonly input: JsonValue | undefined;
  readonly cached: JsonValue | undefined;
  readonly inputDetails: JsonValue | undefined;
  readonly output: JsonValue | undefined;
  readonly outputDetails: JsonValue | undefined;
  readonly total: JsonValue | undefined;
  readonly searches?: number;
}

const NOTHING: JsonObject = {};
const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : NOTHING);

/**
 * Totals include what was cached, written to the cache, heard, seen and reasoned (protocols 2.10): the classes are what is
 * left. Sound and pictures that came from the cache are told twice, and count as cached.
 */
export function inclusiveUsage(counts: InclusiveCounts): ReportedUsage {
  const put = inputClasses(counts);
  const output = count(counts.output);
  const details = objectOf(counts.outputDetails);
  const reasoning = count(details.reasoning_tokens);
  const audioOutput = count(details.audio_tokens);
  const input = count(counts.input);
  // Some vendors count reasoning beside the output; their total says so.
  const beside = !totals(counts.total, input + output) && totals(counts.total, input + output + reasoning);
  const reconciles = put.fits && totals(counts.total, input + output, input + output + reasoning);
  return reportedUsage(
    {
      ...put.classes,
      output: (beside ? output : output - reasoning) - audioOutput,
      reasoning,
      audioOutput,
      searchCalls: counts.searches ?? 0,
    },
    reconciles ? 'yes' : 'no',
  );
}

function inputClasses({ input: wire, cached, inputDetails }: InclusiveCounts) {
  const details = objectOf(inputDetails);
  const input = count(wire);
  const cacheRead = count(cached ?? details.cached_tokens);
  const written = count(details.cache_write_tokens);
  const halfDay = count(objectOf(details.cache_write_tokens_details).ttl_12h_tokens);
  const heard = count(details.audio_tokens);
  const seen = count(details.image_tokens);
  const fresh = input - cacheRead - written;
  const audioInput = Math.min(heard, fresh);
  const imageInput = Math.min(seen, fresh - audioInput);
  return {
    fits: heard + seen <= input,
    classes: {
      input: fresh - audioInput - imageInput,
      cacheRead,
      cacheWrite30m: written - halfDay,
      cacheWrite12h: halfDay,
      audioInput,
      imageInput,
    },
  };
}
