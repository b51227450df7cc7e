import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A NATS server of a test's own, which it may kill; its data survives until `remove`. */
export interface OwnNatsServer {
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export async function ownNatsServer(program: string, { hasJetStream = true } = {}): Promise<OwnNatsServer> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'bus-nats-'));
  const settings = join(home, 'nats.conf');
  // As much as streams may ever take; by itself it would offer three quarters of what is free on the disk.
  const jetstream = `jetstream: { store_dir: ${JSON.stringify(join(home, 'store'))}, max_file_store: 1TB }\n`;
  writeFileSync(settings, `listen: "127.0.0.1:${port}"\n${hasJetStream ? jetstream : ''}`);
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (!running) return;
    const exited = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await exited;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    start: async () => {
      child = spawn(program, ['-c', settings], { stdio: 'ignore' });
      await accepting(port);
    },
    kill,
    remove: async () => {
      await kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The server is ready when it accepts; a test's own time limit bounds the tries. */
async function accepting(port: number): Promise<void> {
  const connects = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  while (!(await connects())) await new Promise((resolve) => setTimeout(resolve, 10));
}
