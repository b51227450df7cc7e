import { integerField, portField, urlField } from '@bytespike/config';
import { z } from 'zod';

/** What every process reads, whichever services it holds. */
export const processEnv = z.object({
  NATS_URL: urlField('nats', 'tls').describe('NATS with JetStream, 2.10 or newer'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('log level'),
  ADMIN_HOST: z.string().default('127.0.0.1').describe('address of /metrics, /healthz and /readyz'),
  ADMIN_PORT: portField(0).describe('port of /metrics, /healthz and /readyz; 0 takes a free one'),
  OTEL_EXPORTER_OTLP_ENDPOINT: urlField('http', 'https').optional().describe('OTLP/HTTP receiver of traces'),
  TRACE_SAMPLE_RATIO: z.coerce.number().min(0).max(1).default(0.01).describe('share of traces recorded'),
  BYTESPIKE_KILL_AT: z
    .string()
    .regex(/^[a-z.]+(:\d+)?$/)
    .optional()
    .describe(
      'crash tests only: the step (libs/service, `KILL_POINTS`) at which the process kills itself; `:3` behind it is the third time',
    ),
  DRAIN_LIMIT_MS: integerField(540_000, { min: 0 }).describe('how long running streams may finish'),
});
