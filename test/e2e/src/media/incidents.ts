import { mode } from '../platform.js';
import { loseJetStream, processOf, signal, untilReplaced } from '../processes.js';
import { redis } from '../redis.js';
import { injectFault } from '../simulator.js';

/** Something that befalls a platform while tasks are under way; resolves when it is over. */
export interface Incident {
  readonly what: string;
  readonly befall: () => Promise<unknown>;
}

const killed = (name: string): Incident => ({
  what: `${name} is killed`,
  befall: () => untilReplaced(name, signal(name, 'SIGKILL'), 60_000),
});

const services =
  mode === 'split' ? ['task-worker', 'upstream-adapters', 'billing-ledger', 'ingress', 'router'] : ['all-in-one'];

/** A service, a server, or what a server had remembered. */
export const LOSSES: readonly Incident[] = [
  { what: 'Redis forgets everything', befall: () => redis('FLUSHALL') },
  { what: 'JetStream forgets everything', befall: loseJetStream },
  ...[...services, 'redis', 'nats', 'postgres'].map(killed),
];

/** Every vendor that draws or films is down for so long. */
export const outage = (forMs: number): Incident => ({
  what: `vendors are down for ${forMs / 1_000} s`,
  befall: async () => {
    const vendors = ['openai', 'google', 'bytedance'];
    await Promise.all(vendors.map((vendor) => injectFault({ vendor, fault: 'status=503', forMs })));
    await new Promise((resolve) => setTimeout(resolve, forMs));
  },
});

/** Where the worker of tasks runs. */
export const worker = processOf('task-worker');
