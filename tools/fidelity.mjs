// `npm run fidelity`: starts the platform, tries every capability between every client and every vendor protocol, and
// writes docs/generated/fidelity.md and the README's table. The end-to-end tests compare both with what they see.
import { fileURLToPath } from 'node:url';

import { ensureInstalled, pinnedNode } from './install.mjs';
import { runAndExit } from './run.mjs';

await ensureInstalled();
const main = fileURLToPath(new URL('./test/fidelity.mjs', import.meta.url));
await runAndExit(pinnedNode(), ['--no-warnings', main]);
