import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where bodies rest on their way in; a name that no asset can have. */
export const INCOMING = '.incoming';
/** No body takes this long to arrive: what is older was left by a process that died. */
const INCOMING_MS_MAX = 24 * 60 * 60 * 1_000;
export const FOLDER_MODE = 0o700;

/** Makes the folder of incoming bodies, and clears it of those that never arrived. Several processes may share it. */
export async function openIncomingFolder(folder: string, now: Date): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Another process may have finished with it since.
    const left = await stat(path).catch(absent);
    if (left && now.getTime() - left.mtimeMs > INCOMING_MS_MAX) await rm(path, { force: true });
  }
}

/** Nothing of that name, as an answer; any other failure stays one. */
export function absent(thrown: unknown): undefined {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw thrown;
  return undefined;
}
