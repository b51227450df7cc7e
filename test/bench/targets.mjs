// What is compared: the simulator itself, ours in one process, ours split over NATS, and a peer from npm.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../tools/infra/places.mjs';
import { freePort, launch, untilListening } from '../../tools/infra/processes.mjs';
import { startPlatform } from '../../tools/platform/index.mjs';
import { chatRequest } from './scenarios.mjs';

const PEER = '@portkey-ai/gateway@1.15.2';
const SETTINGS = { LOG_LEVEL: 'warn', TRACE_SAMPLE_RATIO: '0.01', PROVIDER_SIM_RECORD: 'off' };

/** A platform with a receiver of traces, so that what is measured includes making and exporting them. */
export async function startOurs(mode, folder) {
  const receiver = await startReceiver();
  const settings = { ...SETTINGS, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint };
  const platform = await startPlatform({ folder, mode, settings });
  const { services, keys } = platform.running();
  const headers = { authorization: `Bearer ${keys.default}` };
  return {
    name: mode === 'split' ? 'ours, split' : 'ours, all-in-one',
    origin: services.ingress,
    request: (scenario) => chatRequest(scenario, { path: '/v1/chat/completions', headers }),
    // The simulator stands in for vendors, who run on machines of their own.
    pids: () =>
      Object.entries(platform.running().pids).flatMap(([name, pid]) => (name === 'provider-sim' ? [] : [pid])),
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

export async function startPeer({ simulator }) {
  const folder = join(root, '.bytespike/peer');
  const entry = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(entry)) install(folder);
  const port = await freePort();
  const server = launch('portkey', process.execPath, [entry, `--port=${port}`, '--headless'], { cwd: folder });
  await untilListening(server, port, 30_000);
  const headers = {
    authorization: 'Bearer sim-openai-key',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${simulator}/openai/v1`,
  };
  return {
    name: `Portkey ${PEER.split('@').at(-1)}`,
    origin: `http://127.0.0.1:${port}`,
    request: (scenario) => chatRequest(scenario, { path: '/v1/chat/completions', headers }),
    pids: () => [server.pid],
    stop: () => server.stop('SIGKILL'),
  };
}

/** The peer is installed when it is first measured: its packages are no part of ours. */
function install(folder) {
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', PEER];
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${PEER} could not be installed: ${stderr.trim().split('\n').at(-1)}`);
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
