// `npm start [-- --split] [--channels FILE.yaml]`: the whole platform, until Ctrl-C.
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { isPortFree } from '../infra/processes.mjs';
import { startPlatform } from '../platform/index.mjs';
import { banner } from './banner.mjs';

/** Of this run only: an old one's would grow for ever. */
const LOGS = resolve('.bytespike/logs');

const PORTS = {
  ingress: ['INGRESS_PORT', 8080],
  'console-api': ['CONSOLE_API_PORT', 8081],
  'provider-sim': ['PROVIDER_SIM_PORT', 8090],
};

const say = (line) => process.stderr.write(`${line}\n`);

function fail(message) {
  say(message);
  process.exit(1);
}

function readOptions() {
  try {
    const { values } = parseArgs({ options: { split: { type: 'boolean' }, channels: { type: 'string' } } });
    if (values.channels && !existsSync(values.channels)) fail(`there is no channel file ${values.channels}`);
    return { mode: values.split ? 'split' : 'all-in-one', channels: values.channels && resolve(values.channels) };
  } catch (error) {
    return fail(`${error.message}\nusage: npm start [-- --split] [--channels FILE.yaml]`);
  }
}

function readPorts() {
  const ports = {};
  for (const [service, [variable, usual]] of Object.entries(PORTS)) {
    const port = Number(process.env[variable] ?? usual);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) fail(`${variable} is not a port`);
    const [other] = Object.entries(ports).find(([, taken]) => taken === port) ?? [];
    if (other) fail(`port ${port} is asked for twice (${other} and ${service}): set ${variable} to another`);
    ports[service] = port;
  }
  return ports;
}

async function assertFree(ports) {
  for (const [service, port] of Object.entries(ports))
    if (!(await isPortFree(port)))
      throw new Error(`port ${port} is taken (${service}): free it or set ${PORTS[service][0]} to another`);
}

let starting;
let leaving;
const givingUp = new AbortController();
/** Also while things start: what has begun by then is stopped before we go. */
const leave = () => {
  leaving ??= (async () => {
    givingUp.abort();
    const platform = await starting?.catch(() => undefined);
    await platform?.stop();
    process.exit(0);
  })();
};
process.on('SIGINT', leave);
process.on('SIGTERM', leave);

const began = Date.now();
const options = readOptions();
const ports = readPorts();
starting = startPlatform({
  folder: '.bytespike',
  ports,
  given: process.env,
  logFolder: LOGS,
  say,
  signal: givingUp.signal,
  // Not before: the logs of a platform that runs here are its own, and one that was killed may still hold the ports.
  claimed: async () => {
    rmSync(LOGS, { recursive: true, force: true });
    await assertFree(ports);
  },
  ...options,
});
const platform = await starting.catch(async (error) => {
  await leaving;
  return fail(`the platform did not start: ${error.message}`);
});
const seconds = (Date.now() - began) / 1000;
say(banner(platform.running(), { notes: platform.notes, seconds, given: process.env, channels: options.channels }));
const why = await platform.failed;
say(why);
await platform.stop();
process.exit(1);
