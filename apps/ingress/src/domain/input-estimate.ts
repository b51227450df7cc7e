import type { Outcome } from '@bytespike/contracts';
import { INPUT_CLASSES, type UsageClass } from '@bytespike/kernel';
import { countInput, type InputFacts } from '@bytespike/protocols';

import type { GenerationCall } from '../generation-call.js';

/**
 * Two bytes of JSON to a token. English is about four, code three, Chinese three (its characters take three bytes),
 * and the names, quotes and braces of the JSON count along; so this is about double the truth and not ten times it.
 * Only adversarial text (digits, random letters) has more tokens; what that costs beyond the hold is ours (contract 0.5).
 */
const TEXT_BYTES_PER_TOKEN = 2;

/** No vendor bills more for one picture or page (Anthropic up to 4,784, OpenAI up to about 6,240). */
const TOKENS_PER_MEDIA = 6_500;

/** A page of a PDF is about 3,000 tokens and rarely under 12 kB of base64; long files are bounded by their size. */
const BASE64_BYTES_PER_TOKEN = 4;

/** Past this size inline media is a file of many pages or minutes, and its size says more than its count. */
const LARGE_MEDIA_BYTES = 8 * 1024 * 1024;

/** System text that vendors add for tools and thinking. */
const FIXED_TOKENS = 1_024;

/** An upper bound of a prompt's tokens for the hold: generous, never absurd, and settled at the vendor's own count. */
export function inputTokensUpperBound({ textBytes, base64Bytes, mediaCount }: InputFacts): number {
  const text = Math.ceil(textBytes / TEXT_BYTES_PER_TOKEN);
  return FIXED_TOKENS + text + mediaTokens(base64Bytes, mediaCount);
}

/** What most bytes of a prompt weigh in every vocabulary; Chinese weighs more, and that is the caller's gain. */
const TEXT_BYTES_PER_COUNTED_TOKEN = 4;

const INPUTS: readonly UsageClass[] = [...INPUT_CLASSES, 'imageInput', 'audioInput'];

/** Endings of which nothing is billed, whatever went in. */
const FREE: ReadonlySet<Outcome['ending']> = new Set(['failed', 'truncated']);

/**
 * Our count of a prompt where it may be billed by it, which is where its vendor has reported none; else zero. The body is
 * read once more for it, since how its client writes it is not what its vendor counts.
 */
export function inputTokensEstimate(
  { protocol, body }: Pick<GenerationCall, 'protocol' | 'body'>,
  { ending, usage }: Pick<Outcome, 'ending' | 'usage'>,
): number {
  const isReported = INPUTS.some((usageClass) => usage?.[usageClass]);
  return isReported || FREE.has(ending) ? 0 : inputTokensCounted(countInput(protocol, body));
}

/** A picture of one tile, the least that any vendor counts for one. */
const TOKENS_PER_COUNTED_MEDIA = 258;

/**
 * A prompt's tokens by our own count, for a request whose vendor has not said: like the output's, on the low side and
 * rounded down, because it is billed (contract 0.5).
 */
export const inputTokensCounted = ({ textBytes, mediaCount }: InputFacts): number =>
  Math.floor(textBytes / TEXT_BYTES_PER_COUNTED_TOKEN) + mediaCount * TOKENS_PER_COUNTED_MEDIA;

function mediaTokens(base64Bytes: number, mediaCount: number): number {
  const bySize = Math.ceil(base64Bytes / BASE64_BYTES_PER_TOKEN);
  const byCount = mediaCount * TOKENS_PER_MEDIA;
  if (mediaCount === 0) return bySize;
  // A small inline picture cannot cost more than its bytes; one behind an address can, so only the count bounds it.
  return base64Bytes > LARGE_MEDIA_BYTES * mediaCount ? bySize : byCount;
}
