import { runServices } from '@bytespike/service';

import { billingLedger } from './service.js';

await runServices('billing-ledger', [billingLedger]);
