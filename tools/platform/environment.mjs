// The variables of a development platform's services.
import { freePort } from '../infra/processes.mjs';

const HOST = '127.0.0.1';

/** What a service may see of our own environment: how to run and how to log, and nothing of the user's secrets. */
const INHERITED = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LOG_LEVEL',
  'NODE_OPTIONS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'TRACE_SAMPLE_RATIO',
];

export async function serviceEnvironment({ urls, secrets, ports, settings }) {
  const port = async (name) => String(ports[name] ?? (await freePort()));
  const inherited = INHERITED.filter((name) => process.env[name] !== undefined);
  return {
    ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    DATABASE_URL: urls.database,
    NATS_URL: urls.nats,
    REDIS_URL: urls.redis,
    KEY_PEPPER: secrets.pepper,
    CREDENTIALS_KEY: secrets.credentialsKey,
    INGRESS_HOST: HOST,
    INGRESS_PORT: await port('ingress'),
    CONSOLE_API_HOST: HOST,
    CONSOLE_API_PORT: await port('console-api'),
    PROVIDER_SIM_HOST: HOST,
    PROVIDER_SIM_PORT: await port('provider-sim'),
    ...settings,
  };
}
