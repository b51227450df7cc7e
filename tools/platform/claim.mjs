// .bytespike/claim.json: which process the folder belongs to, and what that has launched. It is there from the first moment
// to the last, running.json only while everything runs: who is killed in between leaves servers that hold the data folders.
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const GONE_LIMIT_MS = 5_000;
const GONE_CHECK_MS = 20;

/**
 * Makes a folder ours until `release`. One that belongs to a platform that lives is an error of one line; what one that was
 * killed has left is ended, because it holds the data and perhaps the ports, and waited for, because it does until it is gone.
 */
export async function claimFolder(folder) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'claim.json');
  const part = `${file}.${process.pid}`;
  const launched = {};
  const put = () => {
    const text = JSON.stringify({ ...identify(process.pid), launched }, null, 2);
    writeFileSync(part, `${text}\n`, { mode: 0o600 });
  };
  put();
  try {
    // Of two that come at once only one can link.
    while (!linked(part, file)) await clear(file);
  } finally {
    rmSync(part, { force: true });
  }
  return {
    /** Told of every process as soon as it has a number, its next ones included. */
    launched(name, pid) {
      launched[name] = identify(pid);
      put();
      renameSync(part, file);
    },
    release: () => rmSync(file, { force: true }),
  };
}

function linked(part, file) {
  try {
    linkSync(part, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function clear(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (text === undefined) return;
  const { launched, ...owner } = read(text);
  if (lives(owner)) throw new Error(`a platform already runs here (process ${owner.pid}); stop it first`);
  await endAll(Object.entries(launched), file);
  // Unless somebody else was quicker, and has made it theirs.
  if (existsSync(file) && readFileSync(file, 'utf8') === text) rmSync(file);
}

/** A machine that lost its power may leave an empty file, and has left no process. */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { launched: {} };
  }
}

async function endAll(launched, file) {
  const left = launched.filter(([, one]) => lives(one));
  // Killed outright, Postgres leaves its children and its lock file; this is its own word for going at once.
  for (const [name, { pid }] of left) process.kill(pid, name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
  const deadline = Date.now() + GONE_LIMIT_MS;
  while (left.some(([, one]) => lives(one))) {
    if (Date.now() > deadline) throw new Error(`what a killed platform left does not end: see the pids in ${file}`);
    await sleep(GONE_CHECK_MS);
  }
}

/** A number is given to other processes later, after a reboot or in a new container to almost the same ones. */
const identify = (pid) => ({ pid, born: born(pid) });

const lives = ({ pid, born: then }) => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's is there all the same.
    if (error.code !== 'EPERM') return false;
  }
  return born(pid) === then;
};

const STATE = 0;
const START_TIME = 19;

/** When a process was started, in the system's own count; undefined where none tells, and for one that only waits to be buried. */
function born(pid) {
  try {
    // Behind the name, which may contain anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return fields[STATE] === 'Z' ? undefined : fields[START_TIME];
  } catch {
    return undefined;
  }
}
