import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { GatewayError } from '@bytespike/kernel';

import { storeFailure } from '../store-failure.js';

/** A file that a walk has met, or something that no walk goes through. */
export interface Met {
  readonly path: string;
  /** Why it is not to be opened. */
  readonly failure?: GatewayError;
}

interface Entry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
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
        : { path: `${folder}${entry.name}`, kind: entry.isFile() ? 'file' : 'other' },
    )
    .sort(byPath);
}

/** What lies under `root` and comes after `cursor`, in order. One folder is held at a time and level. */
export async function* assetFiles(root: string, cursor: string): AsyncGenerator<Met> {
  yield* walk(root, await entriesOf(root, ''), cursor);
}

async function* walk(root: string, entries: readonly Entry[], cursor: string): AsyncGenerator<Met> {
  for (const { path, kind } of entries) {
    const isAfter = path > cursor;
    if (kind === 'folder' && (isAfter || cursor.startsWith(path))) {
      // One that is closed to us, such as a disk's own, must not hide what lies behind it.
      const inside = await entriesOf(root, path).catch(storeFailure);
      if (!(inside instanceof GatewayError)) yield* walk(root, inside, cursor);
      else if (isAfter) yield { path, failure: inside };
    } else if (isAfter) {
      // A pipe would hold whoever opens it, for ever.
      yield kind === 'file' ? { path } : { path, failure: new GatewayError('internal', 'it is no file') };
    }
  }
}
