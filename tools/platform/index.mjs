// A whole platform: servers, database, seed, services, simulator. `npm start`, the end-to-end tests and the bench
// all stand on this, so what is tested is what people start.
import { join } from 'node:path';

import { bundle, stopBundler } from '../build.mjs';
import { startInfra } from '../infra/index.mjs';
import { root } from '../infra/places.mjs';
import { migrate } from '../migrate.mjs';
import { claimFolder } from './claim.mjs';
import { developmentSecrets } from './development-secrets.mjs';
import { serviceEnvironment } from './environment.mjs';
import { ownEnvironment } from './own-environment.mjs';
import { startProgram } from './programs.mjs';
import { creditDemoAccount, seed } from './provision.mjs';
import { removeRunning, writeRunning } from './running-file.mjs';
import { supervise } from './supervise.mjs';

const PROGRAMS = {
  'all-in-one': ['all-in-one'],
  split: ['console-api', 'billing-ledger', 'router', 'upstream-adapters', 'translator', 'task-worker', 'ingress'],
};

const ENTRIES = { seed: 'apps/console-api/src/seed/main.ts' };

/**
 * Starts everything and resolves to what runs. Options:
 * - `folder`: where data, secrets and running.json lie, from the root;
 * - `mode`: `all-in-one` or `split`;
 * - `ports`: fixed ports by service, or absent for free ones;
 * - `given`: environment from which server URLs and upstream overrides are taken (tests pass no URLs);
 * - `settings`: further variables for every service;
 * - `channels`: a channel file;
 * - `restartsMax`: how often a process that dies is started again, for tests that kill;
 * - `logFolder`: where each service's log is kept, in a file of its name;
 * - `say`: told about progress and restarts;
 * - `claimed`: done once the folder is ours, and before anything of it is touched;
 * - `signal`: gives up starting: what has begun is stopped, and the promise rejects.
 */
export async function startPlatform({ folder, say = () => undefined, claimed = () => undefined, ...options }) {
  const home = join(root, folder);
  const started = [];
  // Whoever does not get the folder leaves it as it is.
  const { launched, release } = await claimFolder(home);
  const stop = async () => {
    for (const program of started.splice(0).reverse()) await program.stop();
    removeRunning(home);
    release();
  };
  try {
    removeRunning(home);
    await claimed();
    return { ...(await bringUp({ folder, home, say, started, launched, ...options })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `started` is filled as things start, so that whoever called can stop them, whatever happens here. */
async function bringUp({
  folder,
  home,
  mode,
  ports = {},
  given = {},
  settings = {},
  channels,
  restartsMax,
  logFolder,
  say,
  signal,
  started,
  launched,
}) {
  const built = buildAll([...PROGRAMS[mode], 'provider-sim', 'seed']);
  let giveUp;
  const failed = new Promise((resolve) => (giveUp = resolve));
  // Set when everything runs; called again when something was restarted and has another pid.
  let write = () => undefined;
  const run = ({ name, start }) =>
    supervise({ name, start, restartsMax, say, onRestart: () => write(), onGiveUp: giveUp });

  const infra = await startInfra({ folder, given, run, launched });
  started.push(infra);
  signal?.throwIfAborted();
  await Promise.all([migrate(infra.urls.database), built]);
  const secrets = developmentSecrets(join(home, 'secrets.json'));
  const environment = await serviceEnvironment({ home, urls: infra.urls, secrets, ports, settings });

  const addresses = {};
  const programs = {};
  const begin = async (name) => {
    signal?.throwIfAborted();
    const start = async () => {
      const program = await startProgram({
        name,
        environment: { ...environment, ...ownEnvironment(home, name) },
        logFolder,
        launched,
      });
      Object.assign(addresses, program.addresses);
      return program;
    };
    programs[name] = await run({ name, start });
    started.push(programs[name]);
  };
  await begin('provider-sim');
  await seed({ environment, secrets, given, channels });
  // Each waits for those it leans on by itself; in production nobody starts them in order either.
  // All are waited for even when one fails: what is still starting then has to be stopped too.
  const failedToBegin = (await Promise.allSettled(PROGRAMS[mode].map(begin))).find(({ reason }) => reason);
  if (failedToBegin) throw failedToBegin.reason;
  signal?.throwIfAborted();
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
  write = () => writeRunning(home, running());
  write();
  return { running, notes: infra.notes, failed };
}

async function buildAll(names) {
  await Promise.all(names.map((name) => bundle(name, ENTRIES[name])));
  await stopBundler();
}

const ofEach = (supervised, read) =>
  Object.fromEntries(Object.entries(supervised).map(([name, program]) => [name, read(program)]));
