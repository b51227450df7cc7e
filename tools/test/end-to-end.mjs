// The platform as the end-to-end tests need it, in one mode, and the tests against it.
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';

import { root } from '../infra/places.mjs';
import { freePort } from '../infra/processes.mjs';
import { startPlatform } from '../platform/index.mjs';
import { VENDOR_KEY, writeWireChannels } from './wire-channels.mjs';

/** Tests kill for a living. */
const RESTARTS_MAX = 100;

/** Starts the platform in `scratch`/`mode` and answers it with the variables by which specs find it. */
export async function startForTests({ scratch, mode, restartsMax = RESTARTS_MAX, say }) {
  // A test listens here for the traces the platform exports.
  const otlpPort = String(await freePort());
  const simulatorPort = await freePort();
  const folder = join(scratch, mode);
  const logFolder = join(folder, 'logs');
  mkdirSync(folder, { recursive: true });
  const settings = {
    // Everything is logged and traced, because a test reads all of it in search of what must not be there.
    LOG_LEVEL: 'trace',
    TRACE_SAMPLE_RATIO: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${otlpPort}`,
    // Waits that are minutes in production: of a slow sender, and of holds that a killed process has left.
    INGRESS_BODY_READ_MS: '3000',
    LEDGER_SWEEP_EVERY_MS: '1000',
    LEDGER_SETTLING_IN_MS: '1000',
    // A repeat waits for so long before it takes over from a gateway that was killed.
    INGRESS_ANSWER_LEASE_MS: '3000',
    LEDGER_LOW_BALANCE_EVERY_MS: '500',
    // Of a webhook that was lost.
    PAYMENTS_ASK_AFTER_MS: '2000',
    PAYMENTS_ASK_EVERY_MS: '500',
    LEDGER_ORPHAN_AFTER_MS: '8000',
    // Renders of the simulator take a second, where those of vendors take minutes.
    TASK_WORKER_ASK_EVERY_MS_MAX: '400',
  };
  const platform = await startPlatform({
    ...{ folder: relative(root, folder), mode, settings, logFolder, say },
    ports: { 'provider-sim': simulatorPort },
    restartsMax,
    given: VENDOR_KEY,
    channels: writeWireChannels(folder, simulatorPort),
  });
  const environment = {
    BYTESPIKE_RUNNING: join(folder, 'running.json'),
    BYTESPIKE_MODE: mode,
    BYTESPIKE_OTLP_PORT: otlpPort,
    BYTESPIKE_LOGS: logFolder,
  };
  return { ...platform, environment };
}
