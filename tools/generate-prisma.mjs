// Generates the Prisma client into libs/database/src/generated, unless it is there for exactly these schema files.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { prismaOrThrow, root } from './prisma-cli.mjs';

const output = join(root, 'libs/database/src/generated');
const stamp = join(output, '.schema-hash');

function schemaHash() {
  const folder = join(root, 'prisma/schema');
  const hash = createHash('sha256');
  hash.update(readFileSync(join(root, 'node_modules/prisma/package.json')));
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

/** Resolves to whether anything had to be generated. */
async function generatePrisma() {
  const wanted = schemaHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  await prismaOrThrow(['generate']);
  writeFileSync(stamp, wanted);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generatePrisma();
