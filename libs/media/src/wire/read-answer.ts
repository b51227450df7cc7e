import { isJsonObject, tryParseJson, type JsonObject } from '@bytespike/kernel';
import type { VendorAnswer } from '@bytespike/protocols';

import { mediaFailure, type MediaErrors, type MediaFailure } from './media-errors.js';
import type { RenderStatus } from './render-status.js';

const decoder = new TextDecoder('utf-8');

/** A 2xx body as an object; absent when it is none, or longer than an answer of this kind may be. */
export function readObject({ status, body }: VendorAnswer, bytesMax: number): JsonObject | undefined {
  if (status < 200 || status > 299 || body.byteLength > bytesMax) return undefined;
  const value = tryParseJson(decoder.decode(body));
  return isJsonObject(value) ? value : undefined;
}

export const isAnswered = ({ status }: VendorAnswer): boolean => status >= 200 && status <= 299;

export const garbled = (said: string): MediaFailure => mediaFailure('upstream-garbled', said);

/** What a submit came to. */
export type Submitted =
  | { readonly type: 'accepted'; readonly upstreamId: string; readonly status: RenderStatus }
  /** The vendor answers with what it made. */
  | { readonly type: 'finished'; readonly status: RenderStatus }
  /** Nothing was started; the kind's row says what may be tried next. */
  | { readonly type: 'refused'; readonly failure: MediaFailure }
  /** Something may have been started: it is looked up, never sent again (media-ledger-reliability 1.6). */
  | { readonly type: 'unclear'; readonly failure: MediaFailure };

const LOST: readonly number[] = [401, 403, 404, 410];

/**
 * A question about a render that got no answer. It is no verdict, whatever its status: peers that took an error on
 * a poll for a failed render refunded what was rendered and billed (media-ledger-reliability 1.6, section 2).
 */
export function unansweredStatus(answer: VendorAnswer, errors: MediaErrors): RenderStatus {
  const failure = isAnswered(answer) ? garbled('the vendor answered what nobody can read') : errors.ofAnswer(answer);
  const attention = LOST.includes(answer.status) || isAnswered(answer) ? 'operator' : 'none';
  return { state: 'unknown', word: `http ${answer.status}`, failure, attention };
}
