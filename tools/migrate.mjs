// Applies what is missing of prisma/migrations: `node tools/migrate.mjs postgresql://...` or `migrate(databaseUrl)`.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import pg from 'pg';

import { assertMayMigrate } from './migration-rights.mjs';
import { prismaOrThrow, root } from './prisma-cli.mjs';

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_DATABASE = '3D000';

/** Migration names with their text and the checksum that Prisma records for it. */
function migrationsOnDisk() {
  const folder = join(root, 'prisma/migrations');
  return readdirSync(folder)
    .map((name) => ({ name, file: join(folder, name, 'migration.sql') }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => ({ name, sql: readFileSync(file) }))
    .map(({ name, sql }) => ({ name, sql, checksum: createHash('sha256').update(sql).digest('hex') }));
}

/** The roles that migrations make where they do not exist. */
const rolesOfMigrations = () => [
  ...new Set(migrationsOnDisk().flatMap(({ sql }) => sql.toString().match(/\bbytespike_[a-z]+\b/g) ?? [])),
];

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

/**
 * Brings the database to the newest migration, creating it when it does not exist. Safe to run concurrently. Throws a line for
 * each thing that an operator has to make first.
 */
export async function migrate(databaseUrl) {
  if (await isUpToDate(databaseUrl)) return;
  await assertMayMigrate(databaseUrl, rolesOfMigrations());
  await prismaOrThrow(['migrate', 'deploy'], { DATABASE_URL: databaseUrl });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const databaseUrl = process.argv[2] ?? process.env.DATABASE_URL;
  if (!databaseUrl) {
    process.stderr.write('usage: node tools/migrate.mjs postgresql://user@host:port/database\n');
    process.exit(2);
  }
  await migrate(databaseUrl).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
