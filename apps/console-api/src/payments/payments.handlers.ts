import type { HandlersFor, payments } from '@bytespike/contracts';

import { readTopUp, startTopUp, type TopUpPorts } from './start-top-up.js';

/** Top-ups of whoever's credential asks. */
export const paymentsHandlers = (ports: TopUpPorts): HandlersFor<typeof payments> => ({
  startTopUp: (wish) => startTopUp(wish, ports),
  readTopUp: (asked) => readTopUp(asked, ports),
});
