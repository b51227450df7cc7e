import { GatewayError, type ErrorKind } from '@bytespike/kernel';
import { accountErrorAnswer } from '@bytespike/protocols';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What the framework itself refuses, by its status. */
const FRAMEWORK_KINDS: Readonly<Record<number, ErrorKind>> = {
  404: 'not-found',
  413: 'too-large',
  503: 'unavailable',
};

/** Every failure in the envelope of the account surface (contract 0.8). */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const { kind, publicMessage, retryAfterMs } = failureOf(thrown);
    const answer = accountErrorAnswer({ kind, publicMessage, retryAfterMs, requestId: request.id });
    // The framework knows statuses that are no failure of ours, such as 415.
    const status = thrown instanceof HttpException ? thrown.getStatus() : answer.status;
    void reply.status(status).headers(answer.headers).send(answer.body);
  }
}

function failureOf(thrown: unknown): GatewayError {
  if (!(thrown instanceof HttpException)) return GatewayError.from(thrown);
  const status = thrown.getStatus();
  const kind = FRAMEWORK_KINDS[status] ?? (status < 500 ? 'invalid-request' : 'internal');
  return new GatewayError(kind, thrown.message, { cause: thrown });
}
