import { runServices } from '@bytespike/service';

import { translator } from './service.js';

await runServices('translator', [translator]);
