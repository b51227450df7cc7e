import { openaiErrorBody } from '../openai/render-failure.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import type { Failure, Frame } from '../wire/wire.js';

/** Whether what was sent so far is a Responses stream: every one begins by naming its response. */
export const isResponsesStream = (sent: readonly Frame[]): boolean =>
  sent[0]?.text.startsWith('event: response.') ?? false;

const CODES: Readonly<Record<number, string>> = { 429: 'rate_limit_exceeded' };

/**
 * A response that fails midway says so twice: an `error` event, whose fields are flat in the SDK's types and nested on
 * the recorded wire, and then `response.failed` with the response. Both count on from the last event sent.
 */
export const responsesStreamFailure = (failure: Failure, sent: readonly Frame[]): readonly Frame[] => {
  const { type, code, message, param } = openaiErrorBody(failure);
  const words = code ?? CODES[failure.status] ?? 'server_error';
  const response = { ...responseIn(sent[0]), status: 'failed', error: { code: words, message } };
  const error = {
    type: 'error',
    sequence_number: sent.length,
    code: words,
    message,
    param,
    error: { type, code: words, message, param },
  };
  const failed = { type: 'response.failed', sequence_number: sent.length + 1, response };
  return [
    { part: 'content', text: `event: error\ndata: ${JSON.stringify(error)}\n\n` },
    { part: 'content', text: `event: response.failed\ndata: ${JSON.stringify(failed)}\n\n` },
  ];
};

const responseIn = (frame: Frame | undefined): Json => {
  const data = /^data: (.*)$/m.exec(frame?.text ?? '')?.[1];
  const event: unknown = data === undefined ? undefined : JSON.parse(data);
  return isObject(event) && isObject(event['response']) ? event['response'] : {};
};
