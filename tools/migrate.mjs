// Applies what is missing of prisma/migrations: `node tools/migrate.mjs postgresql://...` or `migrate(databaseUrl)`.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import pg from 'pg';

import { prismaOrThrow, root } from './prisma-cli.mjs';

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_DATABASE = '3D000';

/** Migration names with the checksum Prisma records for them. */
function migrationsOnDisk() {
  const folder = join(root, 'prisma/migrations');
  return readdirSync(folder)
    .map((name) => ({ name, file: join(folder, name, 'migration.sql') }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => ({ name, checksum: createHash('sha256').update(readFileSync(file)).digest('hex') }));
}

/** A second start need not wait for the CLI (about a second): one query tells whether all is applied. */
async function isUpToDate(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query(
      'select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null',
    );
    const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
    return migrationsOnDisk().every(({ name, checksum }) => applied.get(name) === checksum);
  } catch (error) {
    if (error.code === UNDEFINED_TABLE || error.code === UNDEFINED_DATABASE) return false;
    throw new Error(`the database cannot be used: ${error.message}`, { cause: error });
  } finally {
    await client.end();
  }
}

/** Brings the database to the newest migration, creating it when it does not exist. Safe to run concurrently. */
export async function migrate(databaseUrl) {
  if (await isUpToDate(databaseUrl)) return;
  await prismaOrThrow(['migrate', 'deploy'], { DATABASE_URL: databaseUrl });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const databaseUrl = process.argv[2] ?? process.env.DATABASE_URL;
  if (!databaseUrl) {
    process.stderr.write('usage: node tools/migrate.mjs postgresql://user@host:port/database\n');
    process.exit(2);
  }
  await migrate(databaseUrl);
}
