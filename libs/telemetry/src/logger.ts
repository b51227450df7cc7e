import { pino, type Logger as PinoLogger } from 'pino';

import { redact } from './redact.js';

export type Logger = PinoLogger;

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
}

const STDERR = 2;
/** Lines are written together, at the latest after this; a process that ends by itself writes what it still has. */
const FLUSH_MS = 100;
const FLUSH_BYTES = 8 * 1024;

/** One structured line per event, on standard error, so that standard output stays the platform's banner. */
export function createLogger({ service, level }: LoggerOptions): Logger {
  const destination = pino.destination({
    dest: STDERR,
    sync: false,
    minLength: FLUSH_BYTES,
    periodicFlush: FLUSH_MS,
  });
  process.once('exit', () => destination.flushSync());
  return pino({ base: { service }, level, formatters: { log: redact } }, destination);
}
