import { digestKey, readCredential } from '@bytespike/secrets';
import { GatewayError } from '@bytespike/kernel';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { AccessTokenStore } from '../access-token-store.js';
import { ConsoleApiSettings } from '../settings.js';

/** Lets operators in and remembers who they are, for the audit trail. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly tokens: AccessTokenStore,
    private readonly settings: ConsoleApiSettings,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { operator?: string }>();
    const secret = readCredential(request.headers, request.url.split('?')[1] ?? '');
    const token = secret && (await this.tokens.findByDigest(digestKey(secret, this.settings.pepper)));
    if (!token) throw new GatewayError('unauthenticated', 'An operator token is needed.');
    if (token.role !== 'operator') throw new GatewayError('forbidden', 'Only operators may do this.');
    request.operator = token.actor;
    return true;
  }
}
