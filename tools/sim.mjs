// `npm run sim`: the simulated vendors alone, to test any gateway or client against. See apps/provider-sim/README.md.
import { ensureInstalled, pinnedNode } from './install.mjs';
import { runAndExit } from './run.mjs';

await ensureInstalled();
const { bundle } = await import('./build.mjs');
await bundle('provider-sim');
await runAndExit(pinnedNode(), ['--no-warnings', '--enable-source-maps', 'dist/provider-sim/main.js']);
