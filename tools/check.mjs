// What a test cannot say: formatting, generated pages, and migrations that give exactly prisma/schema.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { missingMigrationSql } from './check-migrations.mjs';
import { root } from './infra/places.mjs';
import { startPostgres } from './infra/postgres.mjs';
import { freePort } from './infra/processes.mjs';

const passes = (file, args) =>
  spawnSync(file, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

async function migrationsMatch() {
  const scratch = mkdtempSync(join(tmpdir(), 'bytespike-check-'));
  chmodSync(scratch, 0o755);
  const server = await startPostgres({ folder: relative(root, scratch), port: await freePort() });
  try {
    const missing = await missingMigrationSql(server.url);
    if (missing !== undefined) process.stderr.write(`prisma/schema and prisma/migrations differ:\n${missing}\n`);
    return missing === undefined;
  } finally {
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

const checks = {
  formatting: () => passes('prettier', ['--check', '--log-level', 'warn', '.']),
  'generated pages': () => passes('nx', ['run', 'generate:check-generated']),
  migrations: migrationsMatch,
};

let good = true;
for (const [name, check] of Object.entries(checks)) {
  const passed = await check();
  process.stdout.write(`${name}: ${passed ? 'good' : 'not good'}\n`);
  good &&= passed;
}
process.exit(good ? 0 : 1);
