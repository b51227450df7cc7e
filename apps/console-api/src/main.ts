import { runServices } from '@bytespike/service';

import { consoleApi } from './service.js';

await runServices('console-api', [consoleApi]);
