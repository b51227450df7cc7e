import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { environmentPage } from './environment-page.js';
import { errorsPage } from './errors-page.js';
import { metricsPage } from './metrics-page.js';
import { outcomesPage } from './outcomes-page.js';
import { subjectsPage } from './subjects-page.js';

// The bundle lies in dist/generate, two folders below the root.
const folder = join(fileURLToPath(new URL('../../', import.meta.url)), 'docs/generated');

const PAGES = {
  'subjects.md': subjectsPage,
  'errors.md': errorsPage,
  'outcomes.md': outcomesPage,
  'environment.md': environmentPage,
  'metrics.md': metricsPage,
};

/** Writes the pages, or with `--check` says which are stale and exits with 1. */
const isCheck = process.argv.includes('--check');
const stale: string[] = [];
mkdirSync(folder, { recursive: true });
for (const [name, render] of Object.entries(PAGES)) {
  const text = `<!-- Made by \`npm run generate\`; do not edit. -->\n\n${render()}\n`;
  const file = join(folder, name);
  if (!isCheck) writeFileSync(file, text);
  else if (read(file) !== text) stale.push(name);
}
if (stale.length > 0) {
  process.stderr.write(
    `stale: ${stale.map((name) => `docs/generated/${name}`).join(', ')}; run \`npm run generate\`\n`,
  );
  process.exitCode = 1;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
