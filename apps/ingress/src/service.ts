import { assetUrls, openAssetStore } from '@bytespike/assets';
import { readEnv } from '@bytespike/config';
import { addressRules } from '@bytespike/safe-fetch';
import type { Service } from '@bytespike/service';

import { createConcurrency, LEASE_MS, RENEW_EVERY_MS } from './concurrency/concurrency.js';
import { openRedisLeaseStore } from './concurrency/redis-lease-store.js';
import { ingressEnv } from './env.js';
import { trustProxies } from './http/client-address.js';
import { TIMINGS } from './http/timings.js';
import { openAnswerStore } from './idempotency/open-answer-store.js';
import { startIngress } from './start-ingress.js';

/** The gateway's front door. */
export const ingress: Service = {
  name: 'ingress',
  env: ingressEnv,
  async start({ environment, bus, logger }) {
    const env = readEnv(ingressEnv, environment);
    const concurrency = await createConcurrency({
      openStore: (whenReachable) =>
        openRedisLeaseStore({ url: env.REDIS_URL, logger, leaseMs: LEASE_MS, whenReachable }),
      renewEveryMs: RENEW_EVERY_MS,
      logger,
    });
    const answers = openAnswerStore(env, logger);
    const running = await startIngress({
      bus,
      logger,
      concurrency,
      answerStore: answers.store,
      assets: await openAssetStore(env),
      assetUrls: assetUrls(env),
      foreignAddresses: addressRules(env),
      pepper: env.KEY_PEPPER,
      isTrustedProxy: trustProxies(env.INGRESS_TRUSTED_PROXIES),
      trustTraceparent: env.INGRESS_TRUST_TRACEPARENT,
      timings: { ...TIMINGS, bodyReadMs: env.INGRESS_BODY_READ_MS, answerLeaseMs: env.INGRESS_ANSWER_LEASE_MS },
      host: env.INGRESS_HOST,
      port: env.INGRESS_PORT,
      drainGraceMs: env.INGRESS_DRAIN_GRACE_MS,
    });
    return {
      addresses: { ingress: running.address },
      ready: () => running.ready(),
      drain: async (limitMs) => {
        await running.drain(limitMs);
        await answers.close();
      },
    };
  },
};
