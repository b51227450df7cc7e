import { isJsonObject } from '@bytespike/kernel';

import { only, tokenCount, type WireCounter } from './wire-counter.js';

/** What the counter takes: everything that becomes part of the prompt (protocols 1.1). */
const PROMPT = [
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'cache_control',
  'speed',
];

/** A request of this wire must say how much may be answered, and more than it may think; a question does not. */
const ANY_MAX_TOKENS = 200_000;

/** `POST /v1/messages/count_tokens`. */
export const messagesCounter: WireCounter = {
  asRequest: (question) => ({ max_tokens: ANY_MAX_TOKENS, ...question }),
  asQuestion: (request) => only(request, PROMPT),
  read: (answer) => (isJsonObject(answer) ? tokenCount(answer.input_tokens) : undefined),
  write: (tokens) => ({ input_tokens: tokens }),
};
