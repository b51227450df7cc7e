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

type Destination = ReturnType<typeof pino.destination>;
let shared: Destination | undefined;

/** One for the process, however many loggers: they all write to the same place. */
function standardError(): Destination {
  if (shared) return shared;
  const destination = pino.destination({
    dest: STDERR,
    sync: false,
    minLength: FLUSH_BYTES,
    periodicFlush: FLUSH_MS,
  });
  process.once('exit', () => destination.flushSync());
  shared = destination;
  return destination;
}

/** One structured line per event, on standard error, so that standard output stays the platform's banner. */
export const createLogger = ({ service, level }: LoggerOptions): Logger =>
  pino(
    {
      base: { service },
      level,
      formatters: { log: redact },
      // `redact` has made a plain object of an error already; pino's own serializer would take its name away.
      serializers: { err: (error: unknown) => error },
    },
    standardError(),
  );
