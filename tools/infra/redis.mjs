// Redis or Valkey: a given binary (REDIS_BIN), one on the PATH, else Valkey as WebAssembly (development only).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { onPath, root } from './places.mjs';
import { launch, untilListening } from './processes.mjs';

export async function startRedis({ folder, port, launched }) {
  const data = join(root, folder, 'redis');
  mkdirSync(data, { recursive: true });
  const program = process.env.REDIS_BIN ?? onPath('redis-server') ?? onPath('valkey-server');
  const wasm = ['--no-warnings', fileURLToPath(new URL('./valkey.mjs', import.meta.url)), String(port)];
  const real = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--appendonly', 'yes', '--save', ''];
  const server = program ? launch('redis', program, real) : launch('valkey', process.execPath, wasm);
  launched(server.pid);
  await untilListening(server, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: server.pid,
    developmentOnly: program === undefined,
    exited: server.exited,
    lastWords: server.lastWords,
    stop: () => server.stop(),
  };
}
