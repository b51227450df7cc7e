import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface TrackedFile {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** Every text file git tracks, read once. */
export function readRepository(): readonly TrackedFile[] {
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  return paths
    .filter((path) => /\.(ts|mts|mjs|md|json|prisma|sql|yaml)$/.test(path) && existsSync(root + path))
    .map((path) => {
      const text = readFileSync(root + path, 'utf8');
      return { path, text, lines: text.split('\n') };
    });
}

export const isCode = ({ path }: TrackedFile): boolean => /\.(ts|mjs)$/.test(path) && !path.endsWith('.d.ts');
export const isTest = ({ path }: TrackedFile): boolean => /\.spec\.ts$|\/testing\/|^test\//.test(path);
export const isFixture = ({ path }: TrackedFile): boolean => path.includes('__fixtures__');
