import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { tokenCount, type WireCounter } from './wire-counter.js';

/** proto-JSON may spell a name either way. */
const wholeRequest = (question: JsonObject): JsonValue | undefined =>
  question.generateContentRequest ?? question.generate_content_request;

/** `models/{model}:countTokens`: of bare contents, or of a whole request (protocols 1.4). */
export const generateCounter: WireCounter = {
  asRequest: (question) => {
    const whole = wholeRequest(question);
    return isJsonObject(whole) ? whole : question;
  },
  asQuestion: (request, upstreamModel) => ({
    generateContentRequest: { ...request, model: `models/${upstreamModel}` },
  }),
  read: (answer) => (isJsonObject(answer) ? tokenCount(answer.totalTokens) : undefined),
  write: (tokens) => ({ totalTokens: tokens }),
};
