import type { Server } from 'node:http';

import { GatewayError } from '@bytespike/kernel';
import { startHeartbeat } from '@bytespike/service';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { createGateway, ofNobody, type Gateway, type GatewayParts } from './gateway.js';
import { GatewayAdapter } from './http/gateway-adapter.js';
import { IngressModule } from './ingress.module.js';
import { hearKeyChanges } from './known-callers.js';
import { watchTasks } from './tasks/watch-tasks.js';

export interface IngressParts extends GatewayParts {
  readonly host: string;
  readonly port: number;
  readonly drainGraceMs: number;
}

export interface RunningIngress {
  readonly address: string;
  ready(): boolean;
  drain(limitMs: number): Promise<void>;
}

/** What is left of the limit for flushing last errors and facts, when streams have used up theirs. */
const LAST_WORDS_MS = 2_000;
/** Facts that JetStream does not take for this long will not be taken by waiting; their holds lapse to nothing. */
const FLUSH_MS_MAX = 15_000;

/** Opens the gateway's door. */
export async function startIngress({ host, port, drainGraceMs, ...parts }: IngressParts): Promise<RunningIngress> {
  const gateway = createGateway(parts);
  const { callers, exchanges, usage } = gateway;
  const heartbeat = beatFor(gateway);
  // Before the first request, so that no change to a key that is remembered goes unheard.
  const keyChanges = await hearKeyChanges(parts.bus, callers);
  const taskChanges = await watchTasks({ ...gateway, bus: parts.bus, everyMs: parts.timings.taskLookMs });
  const adapter = new GatewayAdapter(gateway);
  const app = await NestFactory.create<NestFastifyApplication>(IngressModule.with(gateway), adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  await app.listen(port, host);
  const server: Server = adapter.getHttpServer();
  let isReady = true;
  return {
    address: await app.getUrl(),
    ready: () => isReady,
    drain: async (limitMs) => {
      const end = Date.now() + limitMs;
      const leftMs = (): number => Math.max(0, end - Date.now());
      isReady = false;
      exchanges.closeConnections();
      // Load balancers need a moment to notice; what they still send is served.
      await delay(Math.min(drainGraceMs, limitMs));
      // Nobody knows when their task will change, and elsewhere they are told as well.
      gateway.listeners.close();
      const closed = app.close();
      await exchanges.idle(leftMs());
      exchanges.abortAll(new GatewayError('unavailable', 'the gateway is going down'));
      await exchanges.idle(LAST_WORDS_MS);
      await usage.flush(Math.min(Math.max(leftMs(), LAST_WORDS_MS), FLUSH_MS_MAX));
      await usage.stop();
      heartbeat.stop();
      const forced = setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS);
      await closed;
      clearTimeout(forced);
      await keyChanges.stop();
      await taskChanges.stop();
      await parts.concurrency.close();
    },
  };
}

/** Tells the ledger that this process lives, and how old the oldest request is whose end it may have to wait for. */
const beatFor = ({ billing, exchanges, usage, logger }: Gateway): { stop(): void } =>
  startHeartbeat({
    oldestOpenMs: () => {
      const now = Date.now();
      return now - Math.min(now, exchanges.oldestStartedAt() ?? now, usage.oldestStartedAt() ?? now);
    },
    beat: (oldestOpenMs) => billing.heartbeat({ reporter: usage.id, oldestOpenMs }, ofNobody()),
    logger,
  });

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
