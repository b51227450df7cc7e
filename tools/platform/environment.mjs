// The variables of a development platform's services.
import { join } from 'node:path';

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

export async function serviceEnvironment({ home, urls, secrets, ports, settings }) {
  const port = async (name) => String(ports[name] ?? (await freePort()));
  const [ingress, consoleApi, simulator] = [
    await port('ingress'),
    await port('console-api'),
    await port('provider-sim'),
  ];
  const inherited = INHERITED.filter((name) => process.env[name] !== undefined);
  return {
    ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    DATABASE_URL: urls.database,
    NATS_URL: urls.nats,
    REDIS_URL: urls.redis,
    KEY_PEPPER: secrets.pepper,
    CREDENTIALS_KEY: secrets.credentialsKey,
    INGRESS_HOST: HOST,
    INGRESS_PORT: ingress,
    PUBLIC_URL: `http://${HOST}:${ingress}`,
    ASSETS_FOLDER: join(home, 'assets'),
    // The simulated vendors and whoever hears callbacks live on this machine.
    FOREIGN_ADDRESSES: 'local',
    CONSOLE_API_HOST: HOST,
    CONSOLE_API_PORT: consoleApi,
    PROVIDER_SIM_HOST: HOST,
    PROVIDER_SIM_PORT: simulator,
    ...paymentSettings(secrets, { ingress, consoleApi, simulator }),
    ...settings,
  };
}

/** The simulator plays Stripe, and knows where to send its news. */
const paymentSettings = ({ webhookSecret }, { ingress, consoleApi, simulator }) => ({
  STRIPE_SECRET_KEY: 'sim-stripe-key',
  STRIPE_WEBHOOK_SECRET: webhookSecret,
  STRIPE_API_BASE: `http://${HOST}:${simulator}`,
  // Whoever has paid in a browser ends here; the console API has no page to show.
  PAYMENTS_RETURN_URL: `http://${HOST}:${ingress}/`,
  PROVIDER_SIM_STRIPE_WEBHOOK_URL: `http://${HOST}:${consoleApi}/webhooks/stripe`,
  PROVIDER_SIM_STRIPE_WEBHOOK_SECRET: webhookSecret,
});
