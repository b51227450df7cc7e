import { pino, type Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

/** Fields that may hold a secret or a prompt; they are cut whatever a caller hands over. */
const REDACTED = [
  'authorization',
  'key',
  'secret',
  'credential',
  'body',
  'headers',
  'prompt',
  'content',
  'url',
  '*.authorization',
  '*.key',
  '*.secret',
  '*.credential',
  '*.body',
  '*.headers',
  '*.prompt',
  '*.content',
  '*.url',
];

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
}

/** One structured line per event, on standard error, so that standard output stays the platform's banner. */
export const createLogger = ({ service, level }: LoggerOptions): Logger =>
  pino({ base: { service }, level, redact: { paths: REDACTED, censor: '[redacted]' } }, pino.destination(2));
