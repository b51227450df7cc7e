import 'reflect-metadata';

import { BusTransport, serving, type Bus, type Served } from '@bytespike/bus';
import { readEnv } from '@bytespike/config';
import { generation, preview, routing, storedResponses, translation } from '@bytespike/contracts';
import { removeInBites } from '@bytespike/database';
import { every, type Service } from '@bytespike/service';
import { metrics, type Logger } from '@bytespike/telemetry';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { createCapsuleSigners } from './capsule-signer.js';
import { translatorEnv } from './env.js';
import { previewHandlers } from './preview/preview.handlers.js';
import { ReasoningMemory } from './reasoning/reasoning-memory.js';
import { StoredResponseStore } from './stored-responses/stored-response-store.js';
import { storedResponseHandlers } from './stored-responses/stored-responses.handlers.js';
import { translationHandlers } from './translation.handlers.js';
import { TranslatorModule } from './translator.module.js';

/** Lets a client of one dialect reach a vendor of another; see README.md. */
export const translator: Service = {
  name: 'translator',
  env: translatorEnv,
  start: async ({ environment, bus, logger }) => {
    const env = readEnv(translatorEnv, environment);
    const ports = { signerOf: createCapsuleSigners(env.KEY_PEPPER), now: Date.now };
    const previews = previewHandlers({ ...ports, routing: bus.client(routing) });
    const handlers = (memory: ReasoningMemory) =>
      translationHandlers({
        ...ports,
        memory,
        generation: bus.client(generation),
        lost: (losses, { clientProtocol, vendor }) => {
          for (const { code } of losses)
            metrics.translationLosses.inc({ code, client_protocol: clientProtocol, vendor });
        },
      });
    // Nest makes the stores, so what needs them is made when Nest begins to listen.
    const strategy = new BusTransport(bus, [
      { serveOn: (on) => on.serve(translation, handlers(app.get(ReasoningMemory))) },
      serving(preview, previews),
      {
        serveOn: (on) =>
          serveStoredResponses(on, app.get(StoredResponseStore), { everyMs: env.TRANSLATOR_SWEEP_EVERY_MS, logger }),
      },
    ]);
    const module = TranslatorModule.of(env, logger);
    const app: INestMicroservice = await NestFactory.createMicroservice(module, { strategy, logger: false });
    await app.listen();
    return {
      addresses: {},
      drain: async (limitMs) => {
        await strategy.drain(limitMs);
        await app.close();
      },
    };
  },
};

async function serveStoredResponses(
  bus: Bus,
  store: StoredResponseStore,
  { everyMs, logger }: { readonly everyMs: number; readonly logger: Logger },
): Promise<Served> {
  const served = await bus.serve(storedResponses, storedResponseHandlers(store));
  const sweeping = every(everyMs, () => removeInBites(() => store.sweep()), logger);
  return {
    stop: async (limitMs) => {
      await sweeping.stop();
      await served.stop(limitMs);
    },
  };
}
