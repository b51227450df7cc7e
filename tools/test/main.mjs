// `npm test`: unit tests, integration tests on real servers, and the end-to-end suite against the platform, once all
// in one process and once split over NATS. `npm test -- unit|int|e2e` runs one part.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { startInfra } from '../infra/index.mjs';
import { root } from '../infra/places.mjs';
import { startForTests } from './end-to-end.mjs';

const parts = process.argv.length > 2 ? process.argv.slice(2) : ['unit', 'int', 'e2e'];
const scratch = mkdtempSync(join(tmpdir(), 'bytespike-test-'));
chmodSync(scratch, 0o755);
const counts = join(scratch, 'counts');
writeFileSync(counts, '');
const say = (line) => process.stdout.write(`${line}\n`);

const stops = new Set();
let interrupted = false;
const leave = async () => {
  if (interrupted) return;
  interrupted = true;
  for (const stop of stops) await stop();
  rmSync(scratch, { recursive: true, force: true });
  process.exit(130);
};
process.on('SIGINT', leave);
process.on('SIGTERM', leave);

/** Runs a program to its end; true when it left with 0. */
const run = (file, args, environment = {}) =>
  new Promise((resolve) => {
    const env = { ...process.env, BYTESPIKE_TEST_COUNTS: counts, ...environment };
    const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });

const nx = (target, environment) =>
  run('nx', ['run-many', '-t', target, '--outputStyle=stream-without-prefixes', '--skipNxCache'], environment);

async function using(start, work) {
  const began = Date.now();
  const thing = await start();
  stops.add(thing.stop);
  try {
    return await work(thing, Date.now() - began);
  } finally {
    stops.delete(thing.stop);
    await thing.stop();
  }
}

const folder = (name) => relative(root, join(scratch, name));

const integration = () =>
  using(
    () => startInfra({ folder: folder('int') }),
    ({ urls }) => nx('int', { TEST_DATABASE_URL: urls.database, TEST_NATS_URL: urls.nats, TEST_REDIS_URL: urls.redis }),
  );

const endToEnd = (mode) =>
  using(
    () => startForTests({ scratch, mode, say }),
    ({ environment }, startedMs) => {
      say(`\nend to end, ${mode} (up in ${startedMs} ms)`);
      return run(process.execPath, ['tools/jest.mjs', 'e2e', 'test/e2e', '--runInBand'], environment);
    },
  );

const PARTS = {
  unit: () => nx('test'),
  int: integration,
  e2e: async () => {
    const together = await endToEnd('all-in-one');
    return (await endToEnd('split')) && together;
  },
};

let good = true;
for (const part of parts) {
  if (!PARTS[part]) {
    say(`there is no part "${part}"; parts are ${Object.keys(PARTS).join(', ')}`);
    process.exit(1);
  }
  const passed = await PARTS[part]().catch((error) => {
    say(`${part}: ${error.message}`);
    return false;
  });
  good &&= passed;
}

const lines = readFileSync(counts, 'utf8').trim().split('\n').filter(Boolean);
const total = (column) => lines.reduce((sum, line) => sum + Number(line.split(' ')[column]), 0);
rmSync(scratch, { recursive: true, force: true });
say(`\n${total(0)} passed, ${total(1)} failed`);
process.exit(good && !interrupted ? 0 : 1);
