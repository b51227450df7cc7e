// NATS with JetStream: a given binary (NATS_BIN), the npm-carried one, else `nats-server` on the PATH (2.10 or newer).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { onPath, root } from './places.mjs';
import { launch, untilListening } from './processes.mjs';

const VERSION_MIN = [2, 10];

/** Where `tools/install.mjs` puts the npm-carried server. */
const carriedNats = join(
  root,
  '.bytespike/programs/node_modules/@eplightning',
  `nats-server-${process.platform}-${process.arch}`,
  'bin/nats-server',
);

export function natsProgram() {
  if (process.env.NATS_BIN) return process.env.NATS_BIN;
  if (existsSync(carriedNats)) return carriedNats;
  const found = onPath('nats-server');
  if (!found) throw new Error('no NATS server found: give NATS_URL or NATS_BIN, or install nats-server 2.10 or newer');
  const version = /v?(\d+)\.(\d+)\.(\d+)/.exec(execFileSync(found, ['--version']).toString());
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  if (major < VERSION_MIN[0] || (major === VERSION_MIN[0] && minor < VERSION_MIN[1]))
    throw new Error(`${found} is ${version?.[0]}; NATS ${VERSION_MIN.join('.')} or newer is needed`);
  return found;
}

/**
 * Streams set aside what they may take: 1.8 GB for a platform, much more for tests, who make streams by the dozen. JetStream by
 * itself offers three quarters of the free disk, so that a small one starts nothing; none of them ever holds that much here.
 */
const STORE_MAX = '1TB';

export async function startNats({ folder, port, launched }) {
  const home = join(root, folder);
  const store = join(home, 'nats');
  mkdirSync(store, { recursive: true });
  const settings = join(home, 'nats.conf');
  const jetstream = `store_dir: ${JSON.stringify(store)}, max_file_store: ${STORE_MAX}`;
  writeFileSync(settings, `listen: "127.0.0.1:${port}"\njetstream: { ${jetstream} }\n`);
  const server = launch('nats-server', natsProgram(), ['-c', settings]);
  launched(server.pid);
  await untilListening(server, port);
  return {
    url: `nats://127.0.0.1:${port}`,
    pid: server.pid,
    exited: server.exited,
    lastWords: server.lastWords,
    stop: () => server.stop(),
  };
}
