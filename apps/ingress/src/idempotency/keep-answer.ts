import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';

import type { AnswerStore, Claim, KeptAnswer } from './answer-store.js';

export interface KeepParts {
  readonly store: Pick<AnswerStore, 'keep'>;
  readonly logger: Pick<Logger, 'error'>;
  /** How long a store that cannot answer is asked again. */
  readonly keepMs: number;
}

/** `lost`: somebody else has the claim. `failed`: the store could not be reached in time. */
export type KeepResult = 'kept' | 'lost' | 'failed';

const FIRST_PAUSE_MS = 100;
const PAUSE_MS_MAX = 2_000;

/** Keeps an answer, asking a store that is away again for a while: no charge stands without its answer. */
export async function keepAnswer(
  claim: Claim,
  answer: KeptAnswer | 'given-once',
  { store, logger, keepMs }: KeepParts,
): Promise<KeepResult> {
  const end = Date.now() + keepMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
    try {
      return (await store.keep(claim, answer)) ? 'kept' : 'lost';
    } catch (thrown) {
      const { kind } = GatewayError.from(thrown);
      if (kind !== 'unavailable' || Date.now() + pauseMs > end) {
        logger.error({ err: thrown, requestId: claim.requestId, kind }, 'an answer was not kept for its repeats');
        return 'failed';
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
