// Brings up what the platform stands on. Given URLs win; what is missing is started here and stopped by `stop`.
import { freePort } from './processes.mjs';
import { startNats } from './nats.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';

const SERVICES = {
  database: { variable: 'DATABASE_URL', scheme: /^postgres(ql)?:$/, start: startPostgres, name: 'postgres' },
  nats: { variable: 'NATS_URL', scheme: /^(nats|tls):$/, start: startNats, name: 'nats' },
  redis: { variable: 'REDIS_URL', scheme: /^rediss?:$/, start: startRedis, name: 'redis' },
};

/** Throws one clear line for a given URL that cannot be what it should be. */
function givenUrl({ variable, scheme }, environment) {
  const text = environment[variable];
  if (!text) return undefined;
  if (!URL.canParse(text) || !scheme.test(new URL(text).protocol)) throw new Error(`${variable} is not a valid URL for its kind`);
  return text;
}

/** `given`: the environment to take URLs from; tests pass `{}` because they kill and flush. */
export async function startInfra({ folder, given = {} }) {
  const urls = {};
  const pids = {};
  const started = [];
  const notes = [];
  const stop = async () => {
    for (const server of started.splice(0).reverse()) await server.stop();
  };
  try {
    const all = Object.entries(SERVICES).map(async ([key, service]) => {
      urls[key] = givenUrl(service, given);
      if (urls[key]) return;
      const server = await service.start({ folder, port: await freePort() });
      started.push(server);
      urls[key] = server.url;
      pids[service.name] = server.pid;
      if (server.developmentOnly) notes.push('Redis is Valkey as WebAssembly: development only, nothing is kept on disk.');
    });
    const failed = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
    return { urls, pids, notes, started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
