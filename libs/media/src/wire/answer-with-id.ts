import type { JsonObject, JsonValue } from '@bytespike/kernel';
import type { VendorAnswer } from '@bytespike/protocols';

import { garbled, isAnswered, readObject, type Submitted } from './read-answer.js';
import type { MediaErrors } from './media-errors.js';
import type { RenderStatus } from './render-status.js';

/** How a wire tells under which id it has accepted a render. */
export interface AcceptedForm {
  readonly errors: MediaErrors;
  readonly answerBytesMax: number;
  readonly idOf: (body: JsonObject) => JsonValue | undefined;
  readonly isId: (id: JsonValue | undefined) => id is string;
  readonly read: (body: JsonObject, receivedAt: number) => RenderStatus;
}

/** Statuses after which a vendor may all the same have begun. */
const isUnclear = (status: number): boolean => status >= 500 || status === 408 || status === 409 || status < 200;

/** A submit to a vendor that renders on its own time. Accepted under an id that is lost, it was accepted all the same. */
export const answerWithId =
  ({ errors, answerBytesMax, idOf, isId, read }: AcceptedForm) =>
  (answer: VendorAnswer): Submitted => {
    if (!isAnswered(answer))
      return { type: isUnclear(answer.status) ? 'unclear' : 'refused', failure: errors.ofAnswer(answer) };
    const body = readObject(answer, answerBytesMax);
    const id = body && idOf(body);
    return body && isId(id)
      ? { type: 'accepted', upstreamId: id, status: read(body, answer.receivedAt) }
      : { type: 'unclear', failure: garbled('the vendor accepted the request and told no id') };
  };
