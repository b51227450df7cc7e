import type { ErrorKind } from '@bytespike/kernel';
import type { Finish, FinishReason } from '@bytespike/ir';

import { lookUp } from '../look-up.js';

/** How an answer of this vendor ended: with a reason, or by something that went wrong in making it (protocols 2.9). */
export const REASONS = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  // Without its token there is no going on, and what a client can do about it is what it does about a limit.
  CONTINUATION: 'length',
  SAFETY: 'refusal',
  RECITATION: 'refusal',
  BLOCKLIST: 'refusal',
  PROHIBITED_CONTENT: 'refusal',
  SPII: 'refusal',
  IMAGE_SAFETY: 'refusal',
  IMAGE_PROHIBITED_CONTENT: 'refusal',
  IMAGE_RECITATION: 'refusal',
  LANGUAGE: 'other',
  OTHER: 'other',
  IMAGE_OTHER: 'other',
  NO_IMAGE: 'other',
  MALFORMED_FUNCTION_CALL: 'failed',
  MALFORMED_RESPONSE: 'failed',
  UNEXPECTED_TOOL_CALL: 'failed',
  TOO_MANY_TOOL_CALLS: 'failed',
} as const satisfies Record<string, FinishReason | 'failed'>;

/** Reasons for which a prompt is not answered at all. */
const BLOCKS: readonly string[] = [
  'SAFETY',
  'OTHER',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'IMAGE_SAFETY',
  'MODEL_ARMOR',
  'JAILBREAK',
];

export type Ending =
  { readonly finish: Finish } | { readonly failure: { readonly kind: ErrorKind; readonly message: string } };

/** The end a vendor told. A call ends with STOP like any other answer, so what was said decides. */
export function endingOf(word: string, message: string | undefined, called: 'called' | 'not-called'): Ending {
  const reason = lookUp(REASONS, word) ?? 'other';
  if (reason === 'failed') {
    const told = message === undefined || message === '' ? '' : `: ${message}`;
    return {
      failure: { kind: 'upstream-transient', message: `The model's answer could not be used (${word})${told}` },
    };
  }
  if (reason === 'refusal') return { finish: refusal(word, message) };
  return { finish: { reason: reason === 'stop' && called === 'called' ? 'tool-calls' : reason, raw: word } };
}

/** The word of an end that is none. */
export const PAUSED = 'CONTINUATION';

/** An end that is none: its vendor goes on when it is handed the token. */
export const pausedFor = (finish: Finish, continuation: string | undefined): Finish =>
  finish.raw === PAUSED && continuation !== undefined ? { reason: 'pause', raw: PAUSED, continuation } : finish;

const refusal = (word: string, message: string | undefined): Finish => ({
  reason: 'refusal',
  raw: word,
  refusal: { by: 'filter', explanation: message === undefined || message === '' ? word : message },
});

/** A prompt that was blocked: a refusal without a word of an answer. */
export const blockedBy = (word: string, message: string | undefined): Ending => ({ finish: refusal(word, message) });

const WORDS = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'context-window': 'MAX_TOKENS',
  'tool-calls': 'STOP',
  refusal: 'SAFETY',
  pause: 'OTHER',
  compaction: 'OTHER',
  other: 'OTHER',
} as const satisfies Record<FinishReason, string>;

/** A reason in this wire's words: its own word where it said one that means the same. */
export function finishWord({ reason, raw, continuation }: Finish): string {
  if (continuation !== undefined) return PAUSED;
  const own = lookUp(REASONS, raw);
  return raw !== undefined && own === reason ? raw : WORDS[reason];
}

/** Why a prompt was blocked, where that is how the answer ended. */
export const blockWord = ({ reason, raw }: Finish): string | undefined =>
  reason === 'refusal' && raw !== undefined && BLOCKS.includes(raw) ? raw : undefined;
