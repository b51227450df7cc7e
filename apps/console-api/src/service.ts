import { BusTransport, serving } from '@bytespike/bus';
import { readEnv } from '@bytespike/config';
import { account, configuration, payments } from '@bytespike/contracts';
import { GatewayError, parseJson } from '@bytespike/kernel';
import { every, type Service } from '@bytespike/service';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ulid } from 'ulid';

import { AccessTokenStore } from './access-token-store.js';
import { accountHandlers } from './account.handlers.js';
import { AccountStore } from './account-store.js';
import { CapStore } from './cap-store.js';
import { CatalogueStore } from './catalogue-store.js';
import { configurationHandlers } from './configuration.handlers.js';
import { ConsoleApiModule } from './console-api.module.js';
import { consoleApiEnv } from './env.js';
import { ErrorFilter } from './http/error.filter.js';
import { RouteMethods } from './http/route-methods.js';
import { KeyChanges } from './key-changes.js';
import { KeyStore } from './key-store.js';
import { Payments } from './payments/payments.js';
import { paymentsHandlers } from './payments/payments.handlers.js';

const BODY_BYTES_MAX = 1024 * 1024;
/** A body is read before anybody has looked at the operator's token, so a slow one must end; the framework has no limit. */
const REQUEST_MS_MAX = 30_000;

export const consoleApi: Service = {
  name: 'console-api',
  env: consoleApiEnv,
  async start({ environment, bus, logger }) {
    const env = readEnv(consoleApiEnv, environment);
    const adapter = new FastifyAdapter({
      bodyLimit: BODY_BYTES_MAX,
      requestTimeout: REQUEST_MS_MAX,
      genReqId: () => `req_${ulid()}`,
    });
    const methods = new RouteMethods();
    adapter.getInstance().addHook('onRoute', ({ url, method }) => methods.add(url, [method].flat()));
    const app = await NestFactory.create<NestFastifyApplication>(ConsoleApiModule.with(env, bus, logger), adapter, {
      logger: false,
      // A webhook's signature is over the bytes.
      rawBody: true,
    });
    // curl calls a body a form unless told otherwise. Ours are all JSON, and are read as the gateway's host reads them.
    app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
      done(null, parseJson(body.toString())),
    );
    // Every answer carries its id under both names, as on the gateway's host (contract 0.1).
    adapter.getInstance().addHook('onRequest', async ({ id, url }, reply) => {
      reply.headers({ 'request-id': id, 'x-request-id': id });
      // What an address names is looked up, and Postgres has no NUL character in its texts.
      if (url.includes('%00')) throw new GatewayError('invalid-request', 'The address contains a NUL character (%00).');
    });
    app.useGlobalFilters(new ErrorFilter(methods));
    const handlers = accountHandlers({
      keys: app.get(KeyStore),
      tokens: app.get(AccessTokenStore),
      accounts: app.get(AccountStore),
      caps: app.get(CapStore),
      catalogue: app.get(CatalogueStore),
      changes: app.get(KeyChanges),
      pepper: env.KEY_PEPPER,
      now: Date.now,
    });
    const taken = app.get(Payments);
    const servings = [
      serving(account, handlers),
      serving(payments, paymentsHandlers(taken)),
      serving(configuration, configurationHandlers(app.get(CatalogueStore))),
    ];
    app.connectMicroservice({ strategy: new BusTransport(bus, servings) });
    await app.startAllMicroservices();
    await app.listen(env.CONSOLE_API_PORT, env.CONSOLE_API_HOST);
    const sweeping = every(env.PAYMENTS_ASK_EVERY_MS, () => taken.sweep(), logger);
    return {
      addresses: { 'console-api': await app.getUrl() },
      drain: async () => {
        await sweeping.stop();
        await app.close();
      },
    };
  },
};
