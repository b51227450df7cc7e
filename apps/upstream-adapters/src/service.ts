import 'reflect-metadata';
import { openAssetStore } from '@bytespike/assets';
import { BusTransport, serving, type Bus } from '@bytespike/bus';
import { readEnv } from '@bytespike/config';
import { configuration, generation, health, media } from '@bytespike/contracts';
import { createHttpClient } from '@bytespike/http-client';
import { LIMITS } from '@bytespike/kernel';
import { addressRules, createSafeFetch } from '@bytespike/safe-fetch';
import { readSealingKey } from '@bytespike/secrets';
import type { Service } from '@bytespike/service';
import { CatalogueReader, followCatalogue } from '@bytespike/snapshot';
import { metrics, type Logger } from '@bytespike/telemetry';
import { NestFactory } from '@nestjs/core';
import { ulid } from 'ulid';

import { channelTable, createChannelDirectory } from './channel-directory.js';
import { upstreamAdaptersEnv } from './env.js';
import { generationHandlers } from './generation.handlers.js';
import { mediaHandlers } from './media/media.handlers.js';
import { createPictureRoom } from './media/submit/picture-room.js';
import { createTargetMemory, type CircuitChange } from './target-memory.js';
import { UpstreamAdaptersModule } from './upstream-adapters.module.js';

const ORIGINS_MAX = 1_000;

/** Calls vendors; see README.md. */
export const upstreamAdapters: Service = {
  name: 'upstream-adapters',
  env: upstreamAdaptersEnv,
  async start({ environment, bus, logger }) {
    const env = readEnv(upstreamAdaptersEnv, environment);
    const { snapshot, credentials } = bus.client(configuration);
    const catalogue = new CatalogueReader({ service: 'upstream-adapters', snapshot, derive: channelTable, logger });
    const channels = createChannelDirectory({
      credentials,
      catalogue,
      sealingKey: readSealingKey(env.CREDENTIALS_KEY),
      logger,
      now: Date.now,
    });
    const http = createHttpClient({
      connectTimeoutMs: env.UPSTREAM_CONNECT_TIMEOUT_MS,
      connectionsMax: env.UPSTREAM_CONNECTIONS_MAX,
      originsMax: ORIGINS_MAX,
      mayCall: channels.mayCall,
    });
    const memory = createTargetMemory({ now: Date.now, random: Math.random, onChange: telling(bus, logger) });
    const shared = { http, channels, memory, now: Date.now, random: Math.random };
    const rules = addressRules(env);
    const stallMs = env.UPSTREAM_STALL_TIMEOUT_MS;
    const words = generationHandlers({
      ...shared,
      timeouts: { firstContentMs: env.UPSTREAM_FIRST_CONTENT_TIMEOUT_MS, stallMs, afterEndMs: LIMITS.afterEndMs },
    });
    const renders = mediaHandlers({
      ...shared,
      foreign: createSafeFetch({ rules }),
      addressRules: rules,
      store: await openAssetStore(env),
      room: createPictureRoom(env.UPSTREAM_PICTURE_BYTES_MAX),
      stallMs,
      newId: ulid,
    });
    const strategy = new BusTransport(bus, [serving(generation, words), serving(media, renders)]);
    const app = await NestFactory.createMicroservice(UpstreamAdaptersModule.with(http), { strategy, logger: false });
    await app.listen();
    const following = await followCatalogue(bus, catalogue);
    return {
      addresses: {},
      ready: () => catalogue.current() !== undefined,
      drain: async (limitMs) => {
        await following.stop();
        await strategy.drain(limitMs);
        await app.close();
      },
    };
  },
};

/** Tells the router and the dashboards that a circuit has changed. A lost word costs a little traffic, no request. */
const telling =
  (bus: Bus, logger: Logger) =>
  ({ channelId, upstreamModel, circuit: { state, until } }: CircuitChange): void => {
    metrics.circuitOpen.set({ channel: channelId, model: upstreamModel }, state === 'open' ? 1 : 0);
    logger.warn({ channelId, upstreamModel, state }, 'a circuit has changed');
    const fact = { changeId: ulid(), channelId, upstreamModel, state, ...(state === 'open' && { until }) };
    bus.publish(health.circuitChanged, fact).catch((error: unknown) => {
      logger.warn({ err: error, channelId }, 'a circuit change could not be told');
    });
  };
