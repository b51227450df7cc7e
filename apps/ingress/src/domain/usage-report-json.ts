import type { UsageBucket, UsageReport, UsageSums } from '@bytespike/contracts';
import { formatUsd } from '@bytespike/kernel';

/** A roll-up as contract 11.2 prints it, with the classes of usage rows: their tokens are disjoint. */
export const usageReportJson = ({ buckets, totals }: UsageReport): object => ({
  buckets: buckets.map(bucketJson),
  totals: sumsJson(totals),
});

/** A bucket is named by its time, or by the first other thing that was grouped by. */
const bucketJson = ({ time, model, keyId, keyHint, ...sums }: UsageBucket): object => ({
  bucket: time ?? model ?? keyHint,
  ...(model !== undefined && { model }),
  ...(keyId !== undefined && { api_key: keyHint, api_key_id: keyId }),
  ...sumsJson(sums),
});

const sumsJson = ({ calls, cost, tokens, images, seconds }: UsageSums): object => ({
  total_usd: formatUsd(cost),
  input_tokens: tokens.input,
  cache_read_tokens: tokens.cacheRead,
  cache_write_tokens: tokens.cacheWrite,
  output_tokens: tokens.output,
  reasoning_tokens: tokens.reasoning,
  images,
  seconds,
  call_count: calls,
});
