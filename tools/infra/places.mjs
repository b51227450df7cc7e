// Where programs and data may lie. As root, Postgres runs as another user, who must be able to enter the folders.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** The user Postgres runs as when we are root: `postgres` where it exists, else nobody. */
export function unprivilegedUser() {
  if (!isRoot) return undefined;
  const lookUp = (flag) => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: lookUp('-u'), gid: lookUp('-g') };
  } catch {
    return { uid: NOBODY, gid: NOBODY };
  }
}

/** Whether a stranger may walk to `path`: every folder above it must let others in. */
function isOpenToOthers(path) {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o005) !== 0o005) return false;
    if (folder === dirname(folder)) return true;
  }
}

const shelter = () => join('/var/tmp', `bytespike-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`);

/** `folder` itself, or a stand-in outside this checkout when another user has to work in it and could not. */
export function reachable(folder) {
  const absolute = resolve(root, folder);
  if (!isRoot || isOpenToOthers(dirname(absolute))) return absolute;
  const standIn = join(shelter(), absolute.slice(root.length));
  mkdirSync(standIn, { recursive: true });
  return standIn;
}

/** A folder of programs, copied to where another user can run them if they cannot where they are. */
export function reachableCopy(folder, name) {
  if (!isRoot || isOpenToOthers(folder)) return folder;
  const copy = join(shelter(), name);
  if (!existsSync(copy)) cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** The full path of a program on the PATH, or undefined. */
export function onPath(program) {
  for (const folder of (process.env.PATH ?? '').split(':')) {
    const file = join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      if (folder && statSync(file).isFile()) return file;
    } catch {
      // Not in this folder; the next may have it.
    }
  }
  return undefined;
}
