import { LIMITS, type JsonObject } from '@bytespike/kernel';
import type { VendorAnswer } from '@bytespike/protocols';

import type { MediaErrors } from './media-errors.js';
import { garbled, isAnswered, readObject, type Submitted } from './read-answer.js';
import type { RenderStatus } from './render-status.js';

/**
 * A submit that is answered with what was made. What is answered with anything else has made nothing for us: a refusal,
 * whatever it may have cost the vendor.
 */
export const answerAtOnce =
  (errors: MediaErrors, read: (body: JsonObject) => RenderStatus) =>
  (answer: VendorAnswer): Submitted => {
    if (!isAnswered(answer)) return { type: 'refused', failure: errors.ofAnswer(answer) };
    const body = readObject(answer, LIMITS.vendorBodyBytesMax);
    if (!body) return { type: 'refused', failure: garbled('the vendor answered what nobody can read') };
    return { type: 'finished', status: read(body) };
  };
