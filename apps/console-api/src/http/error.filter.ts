import { GatewayError } from '@bytespike/kernel';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A neighbour or the database is away; clients read a small integer here (contract 0.3). */
const RETRIED_STATUS = 503;
const RETRY_AFTER_SECONDS = 1;

/** Every failure in the envelope of the account surface (contract 0.8). */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const { status, type, message } = describe(thrown);
    if (status === RETRIED_STATUS) reply.header('retry-after', String(RETRY_AFTER_SECONDS));
    void reply.status(status).send({ error: { type, message, request_id: request.id } });
  }
}

function describe(thrown: unknown): { readonly status: number; readonly type: string; readonly message: string } {
  if (thrown instanceof HttpException) {
    const status = thrown.getStatus();
    return { status, type: status === 404 ? 'not_found_error' : 'invalid_request_error', message: thrown.message };
  }
  const error = GatewayError.from(thrown);
  return { status: error.traits.status, type: typeOf(error), message: error.publicMessage };
}

function typeOf({ kind, traits }: GatewayError): string {
  if (kind === 'unauthenticated') return 'authentication_error';
  if (kind === 'forbidden') return 'permission_error';
  if (kind === 'conflict') return 'conflict_error';
  if (traits.status === 404) return 'not_found_error';
  return traits.fault === 'client' ? 'invalid_request_error' : 'api_error';
}
