// Operators' commands on the ledger, for example `npm run ledger -- verify`. The database is DATABASE_URL, else the one of
// the platform that `npm start` runs here.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ensureInstalled, pinnedNode } from './install.mjs';
import { runAndExit } from './run.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const COMMANDS = {
  verify: 'apps/billing-ledger/src/verify/main.ts',
  rebuild: 'apps/billing-ledger/src/rebuild/main.ts',
};

function databaseUrl() {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const running = join(root, '.bytespike/running.json');
  return existsSync(running) ? JSON.parse(readFileSync(running, 'utf8')).urls.database : undefined;
}

const command = process.argv[2];
const entry = Object.hasOwn(COMMANDS, command ?? '') ? COMMANDS[command] : undefined;
const url = databaseUrl();
if (!entry || !url) {
  process.stderr.write(
    entry
      ? 'no database: set DATABASE_URL, or run `npm start` here first\n'
      : `usage: npm run ledger -- ${Object.keys(COMMANDS).join(' | ')}\n`,
  );
  process.exit(2);
}
await ensureInstalled();
// Imported late: on a fresh machine the bundler is there only now.
const { bundle } = await import('./build.mjs');
await bundle(`ledger-${command}`, entry);
process.env.DATABASE_URL = url;
const program = join(root, `dist/ledger-${command}/main.js`);
await runAndExit(pinnedNode(), ['--enable-source-maps', program, ...process.argv.slice(3)]);
