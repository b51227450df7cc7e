import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { home } from './platform.js';

const fileOf = (name: string): string => join(home, 'environment', `${name}.json`);

/** Gives a process variables of its own, each time that it is started from now on. */
export function setOwnEnvironment(name: string, variables: Readonly<Record<string, string>>): void {
  mkdirSync(join(home, 'environment'), { recursive: true });
  writeFileSync(fileOf(name), JSON.stringify(variables));
}

/** The next start is an ordinary one. */
export const clearOwnEnvironment = (name: string): void => rmSync(fileOf(name), { force: true });
