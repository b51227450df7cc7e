// What is compared: the simulator itself, a proxy that only forwards, ours in one process, ours split over NATS, and a peer from npm.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { root } from '../../tools/infra/places.mjs';
import { freePort, launch, untilListening } from '../../tools/infra/processes.mjs';
import { startPlatform } from '../../tools/platform/index.mjs';
import { VENDOR_KEY, writeWireChannels } from '../../tools/test/wire-channels.mjs';
import { chatRequest } from './scenarios.mjs';

const PEER = '@portkey-ai/gateway';
const PEER_VERSION = '1.15.2';
/**
 * With the newest server adapter its range allows, the peer answers every stream with 500 (it appends to the immutable
 * headers of a fetched response). This is the newest one with which it works; whole answers cost it the same with both.
 */
const PEER_MANIFEST = {
  private: true,
  dependencies: { [PEER]: PEER_VERSION },
  overrides: { '@hono/node-server': '1.13.8' },
};
const SETTINGS = { LOG_LEVEL: 'warn', TRACE_SAMPLE_RATIO: '0.01', PROVIDER_SIM_RECORD: 'off' };

/** A platform with a receiver of traces, so that what is measured includes making and exporting them. */
export async function startOurs(mode, folder) {
  const receiver = await startReceiver();
  const settings = { ...SETTINGS, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
  const simulatorPort = await freePort();
  mkdirSync(join(root, folder), { recursive: true });
  const platform = await startPlatform({
    ...{ folder, mode, settings, given: VENDOR_KEY },
    ports: { 'provider-sim': simulatorPort },
    channels: writeWireChannels(join(root, folder), simulatorPort),
  });
  const { services, keys } = platform.running();
  const headers = { authorization: `Bearer ${keys.default}` };
  return {
    name: mode === 'split' ? 'ours, split' : 'ours, all-in-one',
    origin: services.ingress,
    keys,
    request: (scenario) => chatRequest(scenario, { path: '/v1/chat/completions', headers }),
    // The simulator stands in for vendors, who run on machines of their own.
    pids: () =>
      Object.entries(platform.running().pids).flatMap(([name, pid]) => (name === 'provider-sim' ? [] : [pid])),
    urls: () => platform.running().urls,
    simulator: services['provider-sim'],
    simulatorPid: platform.running().pids['provider-sim'],
    stop: async () => {
      await platform.stop();
      await receiver.stop();
    },
  };
}

export const direct = ({ simulator, simulatorPid }) => ({
  name: 'the vendor directly',
  origin: simulator,
  request: (scenario) =>
    chatRequest(scenario, { path: '/openai/v1/chat/completions', headers: { authorization: 'Bearer sim-openai-key' } }),
  pids: () => [simulatorPid],
  stop: async () => undefined,
});

export async function startBareProxy({ simulator }) {
  const port = await freePort();
  const entry = fileURLToPath(new URL('./bare-proxy.mjs', import.meta.url));
  const server = launch('bare proxy', process.execPath, [entry, simulator, String(port)]);
  await untilListening(server, port, 10_000);
  return {
    ...direct({ simulator }),
    name: 'a bare proxy',
    origin: `http://127.0.0.1:${port}`,
    pids: () => [server.pid],
    stop: () => server.stop('SIGKILL'),
  };
}

export async function startPeer({ simulator }) {
  const folder = join(root, '.bytespike/peer');
  const entry = join(folder, 'node_modules', PEER, 'build/start-server.js');
  install(folder);
  const port = await freePort();
  const server = launch('portkey', process.execPath, [entry, `--port=${port}`, '--headless'], { cwd: folder });
  await untilListening(server, port, 30_000);
  const headers = {
    authorization: 'Bearer sim-openai-key',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${simulator}/openai/v1`,
  };
  return {
    name: `Portkey ${PEER_VERSION}`,
    origin: `http://127.0.0.1:${port}`,
    request: (scenario) => chatRequest(scenario, { path: '/v1/chat/completions', headers }),
    pids: () => [server.pid],
    stop: () => server.stop('SIGKILL'),
  };
}

/** The peer is installed when it is first measured: its packages are no part of ours. */
function install(folder) {
  const manifest = join(folder, 'package.json');
  const text = JSON.stringify(PEER_MANIFEST, null, 2);
  if (existsSync(manifest) && readFileSync(manifest, 'utf8') === text) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifest, text);
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status === 0) return;
  rmSync(manifest);
  throw new Error(`${PEER} could not be installed: ${stderr.trim().split('\n').at(-1)}`);
}

/** An OTLP/HTTP receiver that answers and forgets, in a process of its own. */
async function startReceiver() {
  const port = await freePort();
  const script = `require('node:http').createServer((q, s) => q.resume().on('end', () => s.end('{}'))).listen(${port}, '127.0.0.1')`;
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill();
    },
  };
}
