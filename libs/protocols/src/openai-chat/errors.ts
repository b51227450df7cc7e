import { classifyBy } from '../errors/classify.js';
import { OPENAI_CODES, openAiError, openAiErrorBody } from '../errors/openai-family.js';
import type { WireErrors } from '../errors/wire-errors.js';

const encoder = new TextEncoder();

export const chatErrors: WireErrors = {
  classify: (answer, vendorCodes = {}) => classifyBy(OPENAI_CODES, answer, vendorCodes),
  errorBody: openAiErrorBody,
  // No `[DONE]` and no finish reason: either would make a broken answer look whole (protocols 2.14, T74).
  streamError: (error) => encoder.encode(`data: ${JSON.stringify({ error: openAiError(error) })}\n\n`),
  keepAlive: encoder.encode(': keep-alive\n\n'),
};

/** Words under which vendors say, where a finish reason stands, that they broke down (protocols 4.1, 4.3). */
export const BROKEN_FINISHES: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource', 'network_error']);
