import type { IncomingMessage, ServerResponse } from 'node:http';

import type { CallContext, Principal } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import type { FlatHeaders } from '../domain/accounting-headers.js';
import type { Dialect } from '../domain/dialect.js';

/** Whose money an exchange is about, for the headers of its answer; a management key has no key of its own. */
export type Owner = Pick<Principal, 'accountId' | 'keyId' | 'organisationId' | 'caps'>;

/** One request and the answer it will get. */
export interface Exchange {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The same moment on the monotonic clock, in milliseconds. */
  readonly startedMark: number;
  readonly dialect: Dialect;
  /** The address, and what stands behind its `?`. Neither is ever logged: a key may be in the query. */
  readonly path: string;
  readonly query: string;
  /** What a route's wildcard matched. */
  readonly resource: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: CallContext;
  /** Ends the exchange's calls: the client left, or we are going down. The first reason stays. */
  abort(reason: GatewayError): void;
  /** Known once the key is; an answer that fails after that carries the accounting headers. */
  owner: Owner | undefined;
  /** The accounting headers of an admitted request: a failure moves nothing, so they stay true. */
  accounting: FlatHeaders | undefined;
  /** The bytes of its body, where somebody has read them before whom they are for. */
  body: Uint8Array | undefined;
  /** When the client was sent its first content, on the monotonic clock. */
  firstContentMark: number | undefined;
}

export interface ExchangeParts {
  readonly requestId: string;
  readonly startedAt: number;
  readonly startedMark: number;
  readonly deadlineMs: number;
  readonly dialect: Dialect;
  readonly path: string;
  readonly query: string;
  readonly resource: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Opens an exchange; its signal aborts as soon as the client's connection is gone before the answer has ended. */
export function openExchange(parts: ExchangeParts): Exchange {
  const { requestId, startedAt, deadlineMs, response } = parts;
  const controller = new AbortController();
  const abort = (reason: GatewayError): void => controller.abort(reason);
  response.on('close', () => {
    if (!response.writableFinished) abort(new GatewayError('cancelled', 'The client left.'));
  });
  // A write that meets a dead socket is answered by `close`; without a listener it would end the process.
  response.on('error', () => abort(new GatewayError('cancelled', 'The client left.')));
  return {
    requestId,
    startedAt,
    startedMark: parts.startedMark,
    dialect: parts.dialect,
    path: parts.path,
    query: parts.query,
    resource: parts.resource,
    request: parts.request,
    response,
    abort,
    context: { requestId, deadline: startedAt + deadlineMs, signal: controller.signal },
    owner: undefined,
    accounting: undefined,
    body: undefined,
    firstContentMark: undefined,
  };
}

/** Why an exchange was aborted, when it was. */
export function abortReason({ context }: Exchange): GatewayError | undefined {
  return context.signal.aborted ? GatewayError.from(context.signal.reason) : undefined;
}
