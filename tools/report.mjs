// `npm run fidelity` and `npm run billing-outcomes`: start the platform, try everything that the report is about, and write
// it to docs/generated (fidelity: the README's table, too). The end-to-end tests compare reports with what they see.
import { fileURLToPath } from 'node:url';

import { ensureInstalled, pinnedNode } from './install.mjs';
import { runAndExit } from './run.mjs';

await ensureInstalled();
const main = fileURLToPath(new URL('./test/report.mjs', import.meta.url));
await runAndExit(pinnedNode(), ['--no-warnings', main, ...process.argv.slice(2)]);
