import { GatewayError, type ErrorKind } from '@bytespike/kernel';
import { accountErrorAnswer } from '@bytespike/protocols';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { RouteMethods } from './route-methods.js';

/** What the framework itself refuses, by its status. */
const FRAMEWORK_KINDS: Readonly<Record<number, ErrorKind>> = {
  413: 'too-large',
  503: 'unavailable',
};

/** Every failure in the envelope of the account surface (contract 0.8). */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly methods: RouteMethods) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    // No handler throws it: it is the framework's for a method and an address that no route has.
    const isUnrouted = thrown instanceof NotFoundException;
    const allowed = isUnrouted ? this.methods.of(request.url.split('?')[0] ?? '') : [];
    if (allowed.length > 0) void reply.header('allow', allowed.join(', '));
    const { kind, publicMessage, retryAfterMs } = isUnrouted ? unrouted(allowed) : failureOf(thrown);
    const answer = accountErrorAnswer({ kind, publicMessage, retryAfterMs, requestId: request.id });
    // The framework knows statuses that are no failure of ours, such as 415.
    const status = !isUnrouted && thrown instanceof HttpException ? thrown.getStatus() : answer.status;
    void reply.status(status).headers(answer.headers).send(answer.body);
  }
}

/** Not in the framework's words, which repeat the address with whatever key is in it. */
const unrouted = (allowed: readonly string[]): GatewayError =>
  allowed.length > 0
    ? new GatewayError('method-not-allowed', `Use ${allowed.join(' or ')} for this address.`)
    : new GatewayError('not-found', 'There is no such address.');

function failureOf(thrown: unknown): GatewayError {
  if (!(thrown instanceof HttpException)) return GatewayError.from(thrown);
  const status = thrown.getStatus();
  const kind = FRAMEWORK_KINDS[status] ?? (status < 500 ? 'invalid-request' : 'internal');
  return new GatewayError(kind, thrown.message, { cause: thrown });
}
