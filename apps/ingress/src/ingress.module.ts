import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

import type { Gateway } from './gateway.js';
import { registerRoutes } from './http/register-routes.js';

const GATEWAY = Symbol('gateway');

/** Puts the gateway's table on the application's HTTP server before it listens. */
class GatewayRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(GATEWAY) private readonly gateway: Gateway,
  ) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.host.httpAdapter.getInstance();
    registerRoutes(fastify, this.gateway);
  }
}

@Module({})
export class IngressModule {
  static with(gateway: Gateway): DynamicModule {
    return { module: IngressModule, providers: [{ provide: GATEWAY, useValue: gateway }, GatewayRoutes] };
  }
}
