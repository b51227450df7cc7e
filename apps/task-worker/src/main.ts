import { runServices } from '@bytespike/service';

import { taskWorker } from './service.js';

await runServices('task-worker', [taskWorker]);
