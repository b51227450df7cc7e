import type { Logger } from '@bytespike/telemetry';

import type { AnswerStore } from './answer-store.js';
import { createFingerprinter, type Fingerprinter } from './fingerprint.js';
import { createLeases, type Leases } from './leases.js';
import { createRunningAnswers, type RunningAnswers } from './running-answers.js';

/** What answering a request once needs of this process, and of the others through the store. */
export interface NamedAnswers {
  readonly store: AnswerStore;
  readonly fingerprint: Fingerprinter;
  readonly leases: Leases;
  readonly running: RunningAnswers;
}

export interface NamedAnswersParts {
  readonly store: AnswerStore;
  readonly pepper: string;
  readonly leaseMs: number;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Ties what this process runs under a name to the store that all processes share. */
export const createNamedAnswers = ({ store, pepper, leaseMs, logger }: NamedAnswersParts): NamedAnswers => ({
  store,
  fingerprint: createFingerprinter(pepper),
  leases: createLeases({ store, leaseMs, logger }),
  running: createRunningAnswers(),
});
