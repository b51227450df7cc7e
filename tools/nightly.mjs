// `npm run nightly`: installs what is missing, then proves at length under the pinned Node. See test/nightly/README.md.
import { ensureInstalled, pinnedNode } from './install.mjs';
import { runAndExit } from './run.mjs';

await ensureInstalled();
await runAndExit(pinnedNode(), ['--no-warnings', 'test/nightly/main.mjs', ...process.argv.slice(2)]);
