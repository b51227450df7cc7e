// Operators' commands on the ledger, for example `npm run ledger -- verify`. The database is DATABASE_URL, else the one of
// the platform that `npm start` runs here.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ensureInstalled, pinnedNode } from './install.mjs';
import { runAndExit } from './run.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const COMMANDS = 'apps/billing-ledger/src/operators/main.ts';

function databaseUrl() {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const running = join(root, '.bytespike/running.json');
  return existsSync(running) ? JSON.parse(readFileSync(running, 'utf8')).urls.database : undefined;
}

const url = databaseUrl();
if (!url) {
  process.stderr.write('no database: set DATABASE_URL, or run `npm start` here first\n');
  process.exit(2);
}
await ensureInstalled();
// Imported late: on a fresh machine the bundler is there only now.
const { bundle } = await import('./build.mjs');
await bundle('ledger-operators', COMMANDS);
process.env.DATABASE_URL = url;
const program = join(root, 'dist/ledger-operators/main.js');
await runAndExit(pinnedNode(), ['--enable-source-maps', program, ...process.argv.slice(2)]);
