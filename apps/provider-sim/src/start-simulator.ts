import type { AddressInfo } from 'node:net';
import type { Environment } from '@bytespike/config';
import { readEnv } from '@bytespike/config';
import { simulatorEnv } from './env.js';
import { createStripe } from './stripe/create-stripe.js';
import { STORES, WIRES } from './vendors.js';
import { createSimulator } from './wire/simulator.js';

export interface RunningSimulator {
  readonly address: string;
  /** Stops accepting, lets answers finish until the limit, then cuts what is left (held and hanging ones included). */
  drain(limitMs: number): Promise<void>;
}

/** Starts the simulator as its environment says. */
export const startSimulator = async (environment: Environment): Promise<RunningSimulator> => {
  const env = readEnv(simulatorEnv, environment);
  const { PROVIDER_SIM_STRIPE_WEBHOOK_URL: url, PROVIDER_SIM_STRIPE_WEBHOOK_SECRET: secret } = env;
  const endpoint = url !== undefined && secret !== undefined ? { url, secret } : undefined;
  const stripe = createStripe({ endpoint, now: Date.now });
  const server = createSimulator({
    wires: [...WIRES, ...STORES, ...stripe.wires],
    controls: stripe.controls,
    record: env.PROVIDER_SIM_RECORD ? 'all' : 'none',
    now: Date.now,
    ...(env.PROVIDER_SIM_DRIP_MS > 0 && { habit: { dripMs: env.PROVIDER_SIM_DRIP_MS } }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(env.PROVIDER_SIM_PORT, env.PROVIDER_SIM_HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://${env.PROVIDER_SIM_HOST}:${port}`,
    drain: (limitMs) =>
      new Promise((resolve) => {
        const limit = setTimeout(() => server.closeAllConnections(), limitMs);
        stripe.close();
        server.close(() => {
          clearTimeout(limit);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};
