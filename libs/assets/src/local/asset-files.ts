import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

interface Entry {
  readonly path: string;
  readonly kind: 'folder' | 'file';
}

const byPath = (a: Entry, b: Entry): number => (a.path < b.path ? -1 : 1);

/** Folders sort with their slash, so that a walk gives names in the order of their bytes, as S3 does. */
async function entriesOf(root: string, folder: string): Promise<Entry[]> {
  const found = await readdir(join(root, folder), { withFileTypes: true });
  return found
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry): Entry =>
      entry.isDirectory()
        ? { path: `${folder}${entry.name}/`, kind: 'folder' }
        : { path: `${folder}${entry.name}`, kind: 'file' },
    )
    .sort(byPath);
}

/** Names of the files under `root` that come after `cursor`, in order. One folder is held at a time and level. */
export async function* assetFiles(root: string, cursor: string, folder = ''): AsyncGenerator<string> {
  for (const { path, kind } of await entriesOf(root, folder)) {
    if (kind === 'file') {
      if (path > cursor) yield path;
    } else if (path > cursor || cursor.startsWith(path)) yield* assetFiles(root, cursor, path);
  }
}
