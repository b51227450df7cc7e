import { isJsonObject } from '@bytespike/kernel';

import { only, tokenCount, type WireCounter } from './wire-counter.js';

/** What the counter takes (protocols 1.2, Auxiliary). */
const PROMPT = [
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'truncation',
];

/** `POST /v1/responses/input_tokens`. */
export const responsesCounter: WireCounter = {
  asRequest: (question) => question,
  asQuestion: (request) => only(request, PROMPT),
  read: (answer) => (isJsonObject(answer) ? tokenCount(answer.input_tokens) : undefined),
  write: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
};
