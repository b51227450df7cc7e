import { runServices } from '@bytespike/service';

import { upstreamAdapters } from './service.js';

await runServices('upstream-adapters', [upstreamAdapters]);
