// `npm run bench`: installs what is missing, then measures under the pinned Node. See test/bench/README.md.
import { ensureInstalled, pinnedNode } from './install.mjs';
import { runAndExit } from './run.mjs';

await ensureInstalled();
await runAndExit(pinnedNode(), ['--no-warnings', 'test/bench/main.mjs', ...process.argv.slice(2)]);
