import { dirname, join, normalize } from 'node:path';

import type { TrackedFile } from './repository.js';

const IMPORT = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

/** Files that an entry point reaches through imports; what nothing reaches is dead. */
export function reachableFrom(entries: readonly TrackedFile[], files: readonly TrackedFile[]): ReadonlySet<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const queue = [...entries];
  for (let file = queue.pop(); file; file = queue.pop()) {
    if (reached.has(file.path)) continue;
    reached.add(file.path);
    for (const [, specifier] of file.text.matchAll(IMPORT)) {
      const target = byPath.get(resolve(file.path, specifier ?? ''));
      if (target) queue.push(target);
    }
  }
  return reached;
}

function resolve(from: string, specifier: string): string {
  const library = /^@bytespike\/([^/]+)(\/testing)?$/.exec(specifier);
  if (library) return `libs/${library[1]}/src/${library[2] ? 'testing/' : ''}index.ts`;
  if (!specifier.startsWith('.')) return specifier;
  return normalize(join(dirname(from), specifier)).replace(/\.js$/, '.ts');
}
