// Brings up what the platform stands on. Given URLs win; what is missing is started here and stopped by `stop`.
import { greet } from './greet.mjs';
import { startNats } from './nats.mjs';
import { startPostgres } from './postgres.mjs';
import { freePort } from './processes.mjs';
import { startRedis } from './redis.mjs';

const SERVICES = {
  database: { variable: 'DATABASE_URL', scheme: /^postgres(ql)?:$/, start: startPostgres, name: 'postgres' },
  nats: { variable: 'NATS_URL', scheme: /^(nats|tls):$/, start: startNats, name: 'nats' },
  redis: { variable: 'REDIS_URL', scheme: /^rediss?:$/, start: startRedis, name: 'redis' },
};

const DEVELOPMENT_VALKEY = 'Redis is Valkey as WebAssembly: development only, it keeps nothing on disk.';

/** Throws one clear line for a given URL that cannot be what it should be. */
function givenUrl({ variable, scheme }, environment) {
  const text = environment[variable];
  if (!text) return undefined;
  if (!URL.canParse(text) || !scheme.test(new URL(text).protocol))
    throw new Error(`${variable} is not a valid URL for its kind`);
  return text;
}

/** One line for a given server that does not answer, instead of a stack of errors much later. */
async function assertReachable({ variable, name }, url) {
  const { hostname, port, protocol } = new URL(url);
  const fallback = { 'nats:': 4222, 'tls:': 4222, 'redis:': 6379, 'rediss:': 6379 }[protocol] ?? 5432;
  const place = `${hostname}:${port || fallback}, where ${variable} points`;
  const found = await greet({ protocol, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || fallback) });
  if (found === 'silent') throw new Error(`nothing answers at ${place}`);
  if (found === 'wrong') throw new Error(`what answers at ${place}, is no ${name}`);
}

const startDirectly = ({ start }) => start();

/**
 * `given`: the environment to take URLs from; tests pass `{}` because they kill and flush. `run` starts one server;
 * whoever wants them watched passes a supervisor, and whoever wants to end them in a later life `launched`, which is told
 * the name and number of each before it is ready.
 */
export async function startInfra({ folder, given = {}, run = startDirectly, launched = () => undefined }) {
  const urls = {};
  const servers = {};
  const notes = [];
  const stop = async () => {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  };
  const bringUp = async ([key, service]) => {
    urls[key] = givenUrl(service, given);
    if (urls[key]) return assertReachable(service, urls[key]);
    const port = await freePort();
    const start = async () => {
      const server = await service.start({ folder, port, launched: (pid) => launched(service.name, pid) });
      urls[key] = server.url;
      if (server.developmentOnly && notes.length === 0) notes.push(DEVELOPMENT_VALKEY);
      return server;
    };
    servers[service.name] = await run({ name: service.name, start });
  };
  const failed = (await Promise.allSettled(Object.entries(SERVICES).map(bringUp))).find(
    ({ status }) => status === 'rejected',
  );
  if (!failed) return { urls, servers, notes, stop };
  await stop();
  throw failed.reason;
}
