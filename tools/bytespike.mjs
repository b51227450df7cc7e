#!/usr/bin/env node
// `npx bytespike translate ...` or `npm run translate -- ...`: what a vendor would be sent for a request, and what the
// translation loses. Needs no running platform.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ensureInstalled, pinnedNode } from './install.mjs';
import { runAndExit } from './run.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const main = `${root}dist/bytespike/main.js`;
// It runs in the repository's folder, while files are named from wherever the command was typed.
const here = process.env.INIT_CWD ?? process.cwd();
const words = process.argv.slice(2).map((word) => {
  const file = resolve(here, word);
  return word.startsWith('-') || !existsSync(file) ? word : file;
});

await ensureInstalled();
// Imported late: on a fresh machine the bundler is there only now.
const { bundle } = await import('./build.mjs');
await bundle('bytespike', 'apps/translator/src/preview/main.ts');
await runAndExit(pinnedNode(), ['--no-warnings', '--enable-source-maps', main, ...words]);
