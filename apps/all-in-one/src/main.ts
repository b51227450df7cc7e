import { billingLedger } from '../../billing-ledger/src/service.js';
import { consoleApi } from '../../console-api/src/service.js';
import { ingress } from '../../ingress/src/service.js';
import { router } from '../../router/src/service.js';
import { taskWorker } from '../../task-worker/src/service.js';
import { translator } from '../../translator/src/service.js';
import { upstreamAdapters } from '../../upstream-adapters/src/service.js';
import { runServices } from '@bytespike/service';

// The composition root: the order is who leans on whom, and ingress, which takes requests, comes last.
await runServices('all-in-one', [consoleApi, billingLedger, router, upstreamAdapters, translator, taskWorker, ingress]);
