// Child processes that never outlive us: started, waited for, stopped in order, killed if they linger.
import { spawn } from 'node:child_process';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_LIMIT_MS = 10_000;
const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a program in a process group of its own, so that a Ctrl-C in the terminal reaches us alone and we stop things
 * in order. Its last words are kept so that a failure to start can be explained.
 */
export function launch(name, file, args, options = {}) {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options });
  let lastWords = '';
  const listen = (chunk) => {
    lastWords = (lastWords + chunk).slice(-2_000);
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  running.add(child);
  const exited = new Promise((resolve) => {
    child.once('error', (error) => {
      listen(error.message);
      resolve();
    });
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).then((end) => {
    running.delete(child);
    return end;
  });
  return {
    name,
    pid: child.pid,
    child,
    exited,
    hasExited: () => !running.has(child),
    lastWords: () => lastWords.trim().split('\n').at(-1) ?? '',
    async stop(signal = 'SIGTERM') {
      if (!running.has(child)) return;
      child.kill(signal);
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(killer);
    },
  };
}

/** A port nobody holds at this moment. */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

export const isPortFree = (port, host = '127.0.0.1') =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });

const canConnect = (port, host) =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Resolves when something listens; throws one clear line when the program dies or the time runs out. */
export async function untilListening(program, port, limitMs = 15_000) {
  const end = Date.now() + limitMs;
  while (!(await canConnect(port, '127.0.0.1'))) {
    if (program.hasExited()) throw new Error(`${program.name} stopped while starting: ${program.lastWords()}`);
    if (Date.now() > end) throw new Error(`${program.name} did not listen on port ${port} within ${limitMs} ms`);
    await sleep(10);
  }
}
