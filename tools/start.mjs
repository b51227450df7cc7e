// `npm start`: installs what is missing, then goes on under the pinned Node in tools/start/main.mjs.
import { fileURLToPath } from 'node:url';

import { ensureInstalled, pinnedNode } from './install.mjs';
import { runAndExit } from './run.mjs';

await ensureInstalled();
const main = fileURLToPath(new URL('./start/main.mjs', import.meta.url));
await runAndExit(pinnedNode(), ['--no-warnings', main, ...process.argv.slice(2)]);
