import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');

/** Every migration script in the order Prisma applies them. */
function readMigrations(): readonly string[] {
  const folder = join(root, 'prisma/migrations');
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name, 'migration.sql'))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
}

/** The whole schema as SQL, and a name that changes when it does. */
export function migrations(): { readonly scripts: readonly string[]; readonly hash: string } {
  const scripts = readMigrations();
  const hash = createHash('sha256');
  for (const script of scripts) hash.update(script);
  return { scripts, hash: hash.digest('hex').slice(0, 16) };
}
