import { GatewayError, LIMITS } from '@bytespike/kernel';
import type { GenerateRequest, Part, ToolResultContent } from '@bytespike/ir';

/** Both alphabets: some wires take either, and what is sent is the vendor's own. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Refuses what no vendor could read, before anyone is asked: more messages than any takes, and media that is not base64.
 * `place` tells hub paths in the client's words.
 */
export function assertReadable({ turns }: GenerateRequest, place: (path: string) => string): void {
  if (turns.length > LIMITS.messagesMax) {
    const field = place('turns.0').replace(/\.0$/, '');
    throw refusal(field, `more than ${LIMITS.messagesMax} messages`);
  }
  turns.forEach(({ parts }, turn) =>
    parts.forEach((part, at) => assertMedia(part, `turns.${turn}.parts.${at}`, place)),
  );
}

function assertMedia(part: Part | ToolResultContent, path: string, place: (path: string) => string): void {
  if (part.type === 'media' && part.source.type === 'inline' && !BASE64.test(part.source.base64))
    throw refusal(place(path), 'the data is not base64');
  if (part.type === 'document') part.parts.forEach((inner, at) => assertMedia(inner, `${path}.parts.${at}`, place));
  if (part.type === 'tool-result')
    part.content.forEach((inner, at) => assertMedia(inner, `${path}.content.${at}`, place));
}

const refusal = (param: string, why: string): GatewayError =>
  new GatewayError('invalid-request', `${param}: ${why}`, { details: { param } });
