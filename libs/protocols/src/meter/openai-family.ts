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

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** Totals include what was cached, written to the cache and reasoned (protocols 2.10): the classes are what is left. */
export function inclusiveUsage(counts: InclusiveCounts): ReportedUsage {
  const inputDetails = objectOf(counts.inputDetails);
  const lifetimes = objectOf(inputDetails.cache_write_tokens_details);
  const input = count(counts.input);
  const cacheRead = count(counts.cached ?? inputDetails.cached_tokens);
  const written = count(inputDetails.cache_write_tokens);
  const halfDay = count(lifetimes.ttl_12h_tokens);
  const output = count(counts.output);
  const reasoning = count(objectOf(counts.outputDetails).reasoning_tokens);
  // Some vendors count reasoning beside the output; their total says so.
  const beside = !totals(counts.total, input + output) && totals(counts.total, input + output + reasoning);
  return reportedUsage(
    {
      input: input - cacheRead - written,
      cacheRead,
      cacheWrite30m: written - halfDay,
      cacheWrite12h: halfDay,
      output: beside ? output : output - reasoning,
      reasoning,
      searchCalls: counts.searches ?? 0,
    },
    totals(counts.total, input + output, input + output + reasoning) ? 'yes' : 'no',
  );
}
