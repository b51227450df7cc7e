// What runs that bring up a platform of their own share: a folder for it, and an end that leaves nothing behind.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../infra/places.mjs';
import { startForTests } from './end-to-end.mjs';

/** `start` brings up a platform in place of the one before it, `leave` ends platform, folder and process, on signals too. */
export function openRun(name) {
  const scratch = mkdtempSync(join(tmpdir(), `bytespike-${name}-`));
  chmodSync(scratch, 0o755);
  let platform;
  const stop = async () => {
    await platform?.stop();
    platform = undefined;
  };
  const start = async (options) => {
    await stop();
    platform = await startForTests({ scratch, ...options });
    return platform.environment;
  };
  const leave = async (code) => {
    await stop();
    rmSync(scratch, { recursive: true, force: true });
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => leave(130));
  return { start, leave };
}

/** Runs the specs of a project that match; true when all of them passed. */
export const passes = (kind, project, pattern, environment) =>
  new Promise((resolve) => {
    const args = ['tools/jest.mjs', kind, project, '--runInBand', '--testPathPatterns', pattern];
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
