import { runServices } from '@bytespike/service';

import { router } from './service.js';

await runServices('router', [router]);
