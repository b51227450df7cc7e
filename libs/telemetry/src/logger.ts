import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

import { redact } from './redact.js';

export type Logger = PinoLogger;

/** Who logs, and from which level on (pino's words). */
export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
}

const STDERR = 2;
/** Lines are written together, at the latest after this; a process that ends by itself writes what it still has. */
const FLUSH_MS = 100;
const FLUSH_BYTES = 8 * 1024;

let shared: DestinationStream | undefined;

/** One for the process, however many loggers: they all write to the same place. */
function standardError(): DestinationStream {
  if (shared) return shared;
  const destination = pino.destination({ dest: STDERR, sync: false, minLength: FLUSH_BYTES });
  process.once('exit', () => destination.flushSync());
  shared = flushedSoon(destination);
  return shared;
}

/** Its own clock for this would wake a process that has nothing to say ten times a second, and write nothing each time. */
function flushedSoon(destination: ReturnType<typeof pino.destination>): DestinationStream {
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    destination.flush();
  };
  return {
    write: (line) => {
      destination.write(line);
      timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
  };
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
