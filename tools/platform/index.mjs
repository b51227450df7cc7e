// A whole platform: servers, database, seed, services, simulator. `npm start`, the end-to-end tests and the bench
// all stand on this, so what is tested is what people start.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { bundle, stopBundler } from '../build.mjs';
import { startInfra } from '../infra/index.mjs';
import { root } from '../infra/places.mjs';
import { freePort } from '../infra/processes.mjs';
import { migrate } from '../migrate.mjs';
import { developmentSecrets } from './development-secrets.mjs';
import { startProgram } from './programs.mjs';
import { clearLeftovers, writeRunning } from './running-file.mjs';
import { supervise } from './supervise.mjs';

/** In the order they lean on each other. */
const SPLIT = ['console-api', 'billing-ledger', 'router', 'upstream-adapters', 'translator', 'ingress'];

const HOST = '127.0.0.1';

/**
 * Starts everything and resolves to what runs. Options:
 * - `folder`: where data, secrets and running.json lie, from the root;
 * - `mode`: `all-in-one` or `split`;
 * - `ports`: fixed ports by service, or absent for free ones;
 * - `given`: environment from which server URLs and upstream overrides are taken (tests pass `{}`);
 * - `settings`: further variables for every service;
 * - `channels`: a channel file;
 * - `logFolder`: where each service's log is kept, in a file of its name;
 * - `say`: told about progress and restarts.
 */
export async function startPlatform({
  folder,
  mode,
  ports = {},
  given = {},
  settings = {},
  channels,
  logFolder,
  say = () => undefined,
}) {
  const stops = [];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
    rmSync(join(root, folder, 'running.json'), { force: true });
  };
  try {
    clearLeftovers(join(root, folder));
    const names = mode === 'split' ? SPLIT : ['all-in-one'];
    const built = Promise.all([...names, 'provider-sim', 'seed'].map(buildOne));
    let giveUp;
    // Set when everything runs; called again when something was restarted and has another pid.
    let write = () => undefined;
    const failed = new Promise((resolve) => (giveUp = resolve));
    const run = ({ name, start }) => supervise({ name, start, say, onRestart: () => write(), onGiveUp: giveUp });
    const infra = await startInfra({ folder, given, run });
    stops.push(infra.stop);
    await migrate(infra.urls.database);
    await built;
    await stopBundler();

    const secrets = developmentSecrets(join(root, folder, 'secrets.json'));
    const port = async (name) => String(ports[name] ?? (await freePort()));
    const environment = {
      ...inherited(),
      DATABASE_URL: infra.urls.database,
      NATS_URL: infra.urls.nats,
      REDIS_URL: infra.urls.redis,
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
    const addresses = {};
    const programs = {};
    const begin = async (name) => {
      const start = async () => {
        const program = await startProgram({ name, environment, logFolder });
        Object.assign(addresses, program.addresses);
        return program;
      };
      programs[name] = await run({ name, start });
      stops.push(programs[name].stop);
    };
    await begin('provider-sim');
    await seed({ environment, secrets, given, channels });
    // Each waits for those it leans on by itself; in production nobody starts them in order either.
    await Promise.all(names.map(begin));
    await creditDemoAccount(addresses['console-api'], secrets.keys.operator);

    const running = () => ({
      version: 1,
      pid: process.pid,
      services: addresses,
      pids: ofEach({ ...programs, ...infra.servers }, ({ pid }) => pid),
      ends: ofEach({ ...programs, ...infra.servers }, ({ lastEnd }) => lastEnd),
      urls: infra.urls,
      keys: secrets.keys,
    });
    write = () => writeRunning(join(root, folder), running());
    write();
    return { running, notes: infra.notes, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const ofEach = (supervised, read) =>
  Object.fromEntries(Object.entries(supervised).map(([name, program]) => [name, read(program)]));

const ENTRIES = { seed: 'apps/console-api/src/seed/main.ts' };
const buildOne = (name) => bundle(name, ENTRIES[name]);

/** What a service may see of our own environment: how to run and how to log, and nothing of the user's secrets. */
function inherited() {
  const names = [
    'PATH',
    'HOME',
    'TMPDIR',
    'LOG_LEVEL',
    'NODE_OPTIONS',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'TRACE_SAMPLE_RATIO',
  ];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** Writes the catalogue, the channels and the demo account; idempotent, so it runs at every start. */
async function seed({ environment, secrets, given, channels }) {
  const upstream = Object.entries(given).filter(([name]) => name.startsWith('BYTESPIKE_UPSTREAM_'));
  const channelSecrets = channels ? Object.entries(given) : [];
  const child = spawn(process.execPath, ['--no-warnings', join(root, 'dist/seed/main.js')], {
    env: {
      ...Object.fromEntries([...channelSecrets, ...upstream]),
      ...environment,
      SEED_KEYS: JSON.stringify(secrets.keys),
      SEED_SIMULATOR: `http://${HOST}:${environment.PROVIDER_SIM_PORT}`,
      ...(channels && { SEED_CHANNELS: channels }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(said.trim() || 'seeding failed');
}

/** Play money for the demo account, once: the transaction's id makes a repeat harmless. */
async function creditDemoAccount(consoleApi, operator) {
  const response = await fetch(`${consoleApi}/api/v1/admin/credits`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      account_id: 'acc_demo',
      amount_usd: '10000.00',
      reason: 'demo credit',
      transaction_id: 'demo-credit',
    }),
  });
  if (!response.ok)
    throw new Error(`the demo account could not be credited: ${response.status} ${await response.text()}`);
}
