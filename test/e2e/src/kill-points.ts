import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { clearOwnEnvironment, setOwnEnvironment } from './own-environment.js';

/** Has a process kill itself at a step (libs/service, `KILL_POINTS`), each time that it is started from now on. */
export function armDeath(name: string, step: string): { hasCome(): boolean } {
  setOwnEnvironment(name, { BYTESPIKE_KILL_AT: step });
  const [point] = step.split(':');
  const lastWords = `killed at ${point}\n`;
  const log = join(process.env['BYTESPIKE_LOGS'] ?? '', `${name}.log`);
  let place = statSync(log).size;
  let said = '';
  return {
    hasCome: () => {
      const fresh = readFrom(log, place);
      place += fresh.length;
      said += fresh.toString('latin1');
      const hasCome = said.includes(lastWords);
      said = said.slice(-lastWords.length);
      return hasCome;
    },
  };
}

/** The next start is an ordinary one. */
export const disarm = clearOwnEnvironment;

function readFrom(file: string, place: number): Buffer {
  const bytes = Buffer.alloc(statSync(file).size - place);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, bytes, 0, bytes.length, place);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}
