import { createBus, type Bus } from '@bytespike/bus';
import { EnvironmentError, readEnv, type Environment } from '@bytespike/config';
import { collectProcessMetrics, createLogger, registry, startTracing, type Logger } from '@bytespike/telemetry';

import { startAdminServer } from './admin-server.js';
import { armKillPoint } from './kill-point.js';
import { processEnv } from './process-env.js';
import type { RunningService, Service } from './service.js';

/**
 * What a process tells the one that started it, when it was started with an IPC channel: where it serves, or why it
 * cannot. Its standard error says the latter too, but there the log has the last word, which is flushed at exit.
 */
export type StartMessage =
  | { readonly type: 'ready'; readonly addresses: Readonly<Record<string, string>> }
  | { readonly type: 'failed'; readonly reason: string };

/**
 * The life of a process: environment, telemetry, bus, services, admin door, and draining on SIGTERM. Services
 * start in the order given and drain in the reverse, so what others lean on comes first and leaves last.
 */
export async function runServices(name: string, services: readonly Service[]): Promise<void> {
  try {
    const stop = await start(name, services, process.env);
    let stopping: Promise<void> | undefined;
    const leave = (): void => {
      stopping ??= stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    // An operator who asks twice does not want to wait; a parent that died cannot ask at all.
    process.on('SIGTERM', leave);
    process.on('SIGINT', () => (stopping ? process.exit(1) : leave()));
    process.on('disconnect', leave);
  } catch (error) {
    const reason = describe(error);
    process.stderr.write(`${name} cannot start: ${reason}\n`);
    await tellStarter({ type: 'failed', reason });
    process.exit(1);
  }
}

async function start(
  name: string,
  services: readonly Service[],
  environment: Environment,
): Promise<() => Promise<void>> {
  const env = readEnv(processEnv, environment);
  if (env.BYTESPIKE_KILL_AT !== undefined) armKillPoint(env.BYTESPIKE_KILL_AT);
  const logger = createLogger({ service: name, level: env.LOG_LEVEL });
  collectProcessMetrics();
  const stopTracing = startTracing({
    serviceName: name,
    endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    sampleRatio: env.TRACE_SAMPLE_RATIO,
  });
  const bus = await createBus({ name, natsUrl: env.NATS_URL, logger });
  const running = await startInOrder(services, { environment, bus, logger });
  let draining = false;
  const isReady = (): boolean => !draining && running.every((service) => service.ready?.() ?? true);
  const admin = await startAdminServer(env.ADMIN_HOST, env.ADMIN_PORT, { isReady, registry, logger });
  const addresses = Object.assign({ [`${name}-admin`]: admin.address }, ...running.map((service) => service.addresses));
  await tellStarter({ type: 'ready', addresses });
  logger.info({ addresses }, 'ready');
  return async () => {
    draining = true;
    await drainInReverse(running, env.DRAIN_LIMIT_MS, logger);
    await bus.drain();
    await admin.close();
    // Traces are for looking at: without their receiver a process has still done its work and left in order.
    await stopTracing().catch((error: unknown) => logger.warn({ err: error }, 'the last traces were not exported'));
  };
}

/** Resolves when it has been told, or cannot be: a starter that has gone needs no word. */
const tellStarter = async (message: StartMessage): Promise<void> => {
  if (process.send)
    await new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
};

async function startInOrder(
  services: readonly Service[],
  parts: { readonly environment: Environment; readonly bus: Bus; readonly logger: Logger },
): Promise<readonly RunningService[]> {
  const running: RunningService[] = [];
  for (const service of services) {
    running.push(await service.start({ ...parts, logger: parts.logger.child({ part: service.name }) }));
  }
  return running;
}

async function drainInReverse(running: readonly RunningService[], limitMs: number, logger: Logger): Promise<void> {
  const end = Date.now() + limitMs;
  for (const service of [...running].reverse()) {
    await service.drain(Math.max(0, end - Date.now())).catch((error: unknown) => {
      logger.error({ err: error }, 'a service did not drain cleanly');
    });
  }
}

const describe = (error: unknown): string => {
  if (error instanceof EnvironmentError) return error.message;
  return error instanceof Error ? error.message.split('\n')[0] || error.name : String(error);
};
