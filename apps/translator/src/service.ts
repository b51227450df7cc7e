import 'reflect-metadata';

import { BusTransport, serving } from '@bytespike/bus';
import { readEnv } from '@bytespike/config';
import { generation, preview, routing, translation } from '@bytespike/contracts';
import type { Service } from '@bytespike/service';
import { metrics } from '@bytespike/telemetry';
import { NestFactory } from '@nestjs/core';

import { createCapsuleSigner } from './capsule-signer.js';
import { translatorEnv } from './env.js';
import { previewHandlers } from './preview/preview.handlers.js';
import { translationHandlers } from './translation.handlers.js';
import { TranslatorModule } from './translator.module.js';

/** Lets a client of one dialect reach a vendor of another; see README.md. */
export const translator: Service = {
  name: 'translator',
  env: translatorEnv,
  start: async ({ environment, bus }) => {
    const env = readEnv(translatorEnv, environment);
    const ports = { signer: createCapsuleSigner(env.KEY_PEPPER), now: Date.now };
    const previews = previewHandlers({ ...ports, routing: bus.client(routing) });
    const handlers = translationHandlers({
      ...ports,
      generation: bus.client(generation),
      lost: (losses, { clientProtocol, vendor }) => {
        for (const { code } of losses) metrics.translationLosses.inc({ code, client_protocol: clientProtocol, vendor });
      },
    });
    const app = await NestFactory.createMicroservice(TranslatorModule, {
      strategy: new BusTransport(bus, [serving(translation, handlers), serving(preview, previews)]),
      logger: false,
    });
    await app.listen();
    return { addresses: {}, drain: () => app.close() };
  },
};
