import type { Failure } from '@bytespike/contracts';
import type { GatewayError } from '@bytespike/kernel';

import type { FlatHeaders } from '../domain/accounting-headers.js';
import { errorAnswer } from './dialect-errors.js';
import type { Exchange } from './exchange.js';
import { writeAnswer } from './write-answer.js';

/** Answers with a refusal in the caller's dialect. Does nothing when the client is gone or an answer has begun. */
export function refuse(exchange: Exchange, error: GatewayError, extra: FlatHeaders = []): void {
  const { status, headers, body } = errorAnswer(exchange, error);
  writeAnswer(exchange, {
    status,
    headers: [...(exchange.accounting ?? []), ...Object.entries(headers).flat(), ...extra],
    body,
  });
}

/** Passes a vendor's refusal on byte for byte: clients parse its message and adapt (clients 0.15). */
export function refuseVerbatim(exchange: Exchange, answer: NonNullable<Failure['verbatim']>): void {
  writeAnswer(exchange, {
    status: answer.status,
    headers: [...(exchange.accounting ?? []), 'content-type', answer.contentType],
    body: Buffer.from(answer.bodyBase64, 'base64'),
  });
}
