import type { QuarantinedFact } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';

import { answering } from '../store/answering.js';
import { correctCharge, decideQuarantine } from '../sql/correct.js';
import { readQuarantine } from '../sql/quarantine.js';
import {
  CorrectionStore,
  type Correction,
  type CorrectionResult,
  type QuarantineQuery,
  type QuarantineVerdict,
} from './correction-store.js';

/** Corrections in Postgres, over the pool of the ledger's store, which closes it. */
export class PgCorrectionStore extends CorrectionStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  correct(correction: Correction): Promise<CorrectionResult> {
    return answering(correctCharge(this.pool, correction));
  }

  quarantined(query: QuarantineQuery): Promise<readonly QuarantinedFact[]> {
    return answering(readQuarantine(this.pool, query));
  }

  decide(verdict: QuarantineVerdict): Promise<CorrectionResult> {
    return answering(decideQuarantine(this.pool, verdict));
  }
}
