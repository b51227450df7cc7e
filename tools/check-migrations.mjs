// Drift check: do the migrations, applied to an empty (shadow) database, give exactly prisma/schema?
// `node tools/check-migrations.mjs [postgresql://...]`; exit 0 = same, 2 = they differ (the missing SQL is printed).
// `--write NAME` stores that SQL as a new migration, to be reviewed and completed by hand.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { root, runPrisma } from './prisma-cli.mjs';

const DIFFERENT = 2;

/** Resolves to the SQL that is missing; `undefined` when the migrations give the schema. */
export async function missingMigrationSql(databaseUrl) {
  const fromMigrations = ['--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema'];
  const { code, output } = await runPrisma(['migrate', 'diff', ...fromMigrations, '--script', '--exit-code'], {
    DATABASE_URL: databaseUrl,
  });
  if (code === 0) return undefined;
  if (code !== DIFFERENT) throw new Error(`prisma migrate diff failed:\n${output}`);
  return output.replace(/^Loaded Prisma config.*\n\n?/, '');
}

function writeMigration(name, sql) {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = join(root, 'prisma/migrations', `${stamp}_${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), sql);
  process.stdout.write(`${folder}/migration.sql\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const write = args.indexOf('--write');
  const name = write < 0 ? undefined : args.splice(write, 2)[1];
  const databaseUrl = args[0] ?? process.env.DATABASE_URL;
  if (!databaseUrl || (write >= 0 && !name)) {
    process.stderr.write('usage: node tools/check-migrations.mjs postgresql://... [--write NAME]\n');
    process.exit(1);
  }
  const sql = await missingMigrationSql(databaseUrl);
  if (sql === undefined) process.exit(0);
  if (name) writeMigration(name, sql);
  else process.stdout.write(sql);
  process.exit(name ? 0 : DIFFERENT);
}
