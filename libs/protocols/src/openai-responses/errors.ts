import { ERROR_KINDS, isJsonObject, tryParseJson, type JsonObject } from '@bytespike/kernel';

import { classifyBy, type CodeTable } from '../errors/classify.js';
import { OPENAI_CODES, openAiError, openAiErrorBody } from '../errors/openai-family.js';
import type { StreamSeen, TellableError, WireErrors } from '../errors/wire-errors.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

/** `response.error.code` has words of its own (protocols 1.2, Errors). */
export const RESPONSES_CODES = {
  ...OPENAI_CODES,
  invalid_prompt: 'upstream-refused',
  bio_policy: 'upstream-refused',
  misalignment_policy_violation: 'upstream-refused',
} as const satisfies CodeTable;

const tailOf = (frame: Uint8Array | undefined): string => (frame === undefined ? '' : decoder.decode(frame));

/** The number after the last one the client has seen; a stream that showed none begins at zero. */
function nextSequence(last: Uint8Array | undefined): number {
  const numbers = [...tailOf(last).matchAll(/"sequence_number"\s*:\s*(\d{1,15})/g)];
  const newest = numbers.at(-1)?.[1];
  return newest === undefined ? 0 : Number(newest) + 1;
}

const responseId = (first: Uint8Array | undefined, requestId: string): string =>
  /"id"\s*:\s*"(resp_[\w-]+)"/.exec(tailOf(first))?.[1] ?? `resp_${requestId}`;

/** The response as its first event told it, so that the last one repeats what clients require of every response. */
function beganWith(first: Uint8Array | undefined): JsonObject {
  const data = /^data: (.*)$/m.exec(tailOf(first))?.[1];
  const event = data === undefined ? undefined : tryParseJson(data);
  const response = isJsonObject(event) ? event['response'] : undefined;
  return isJsonObject(response) ? response : {};
}

const record = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Both forms, flat and nested, then the failed response: some clients read only one of them (protocols 1.2, T75). */
function streamError(error: TellableError, seen: StreamSeen): Uint8Array {
  const nested = openAiError(error);
  const sequence = nextSequence(seen.last ?? seen.first);
  const { message, param, code } = nested;
  const response = {
    ...beganWith(seen.first),
    id: responseId(seen.first, error.requestId),
    object: 'response',
    status: 'failed',
    error: { code: ERROR_KINDS[error.kind].status === 429 ? 'rate_limit_exceeded' : 'server_error', message },
    incomplete_details: null,
    output: [],
    usage: null,
  };
  return encoder.encode(
    record('error', { type: 'error', sequence_number: sequence, code, message, param, error: nested }) +
      record('response.failed', { type: 'response.failed', sequence_number: sequence + 1, response }),
  );
}

export const responsesErrors: WireErrors = {
  classify: (answer, vendorCodes = {}) => classifyBy(RESPONSES_CODES, answer, vendorCodes),
  errorBody: openAiErrorBody,
  streamError,
  keepAlive: encoder.encode(': keep-alive\n\n'),
};
