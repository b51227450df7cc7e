// Real servers for integration tests: the ones `npm test` has started, or our own when a project is tested alone.
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { join, relative } from 'node:path';
import { tmpdir } from 'node:os';

import { startInfra } from '../infra/index.mjs';
import { natsProgram } from '../infra/nats.mjs';
import { root } from '../infra/places.mjs';
import { postgresPrograms } from '../infra/postgres.mjs';

export default async function setup() {
  process.env.TEST_NATS_SERVER_BIN = natsProgram();
  process.env.TEST_POSTGRES_BIN_DIR = postgresPrograms();
  if (process.env.TEST_DATABASE_URL) return;
  const folder = mkdtempSync(join(tmpdir(), 'bytespike-test-'));
  chmodSync(folder, 0o755);
  const infra = await startInfra({ folder: relative(root, folder) });
  process.env.TEST_DATABASE_URL = infra.urls.database;
  process.env.TEST_NATS_URL = infra.urls.nats;
  process.env.TEST_REDIS_URL = infra.urls.redis;
  globalThis.stopTestInfra = async () => {
    await infra.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
