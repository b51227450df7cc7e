import type { Bus } from '@bytespike/bus';
import type { Environment } from '@bytespike/config';
import type { Logger } from '@bytespike/telemetry';
import type { z } from 'zod';

/** What every service is given, whichever process it runs in. */
export interface ServiceParts {
  readonly environment: Environment;
  readonly bus: Bus;
  readonly logger: Logger;
}

/** A service that has started. */
export interface RunningService {
  /** Public addresses by name, for people and scripts: `{ ingress: 'http://127.0.0.1:8080' }`. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Whether it can take work now; absent means always. */
  readonly ready?: () => boolean;
  /** Stops taking work, waits for what runs up to the limit, releases everything. */
  drain(limitMs: number): Promise<void>;
}

/** An app as a value: composed alone, or with others in one process, by the same code. */
export interface Service {
  readonly name: string;
  /** The variables it reads, for its documentation; it parses them itself when it starts. */
  readonly env?: z.ZodObject;
  start(parts: ServiceParts): Promise<RunningService>;
}
