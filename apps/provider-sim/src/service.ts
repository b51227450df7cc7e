import type { Service } from '@bytespike/service';
import { simulatorEnv } from './env.js';
import { startSimulator } from './start-simulator.js';

const DRAIN_LIMIT_MS = 1_000;

/** The simulated vendors beside the platform's own services. */
export const providerSim: Service = {
  name: 'provider-sim',
  env: simulatorEnv,
  start: async ({ environment }) => {
    const simulator = await startSimulator(environment);
    return {
      addresses: { 'provider-sim': simulator.address },
      // Nobody's money is in a simulated answer: it need not hold up the platform's own draining.
      drain: (limitMs) => simulator.drain(Math.min(limitMs, DRAIN_LIMIT_MS)),
    };
  },
};
