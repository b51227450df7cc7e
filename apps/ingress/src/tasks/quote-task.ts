import type { billing, CallContext, ClientFor, Hold, MediaPlan, tasks } from '@bytespike/contracts';
import { usdNumber } from '@bytespike/media';

import type { JudgedSubmission } from './judge-submission.js';

export interface QuotePorts {
  readonly billing: Pick<ClientFor<typeof billing>, 'quote'>;
  readonly tasks: Pick<ClientFor<typeof tasks>, 'estimate'>;
}

export interface TaskQuote {
  readonly body: object;
  /** What would be held. */
  readonly hold: Pick<Hold, 'amount' | 'basis'>;
}

/** What a submission would hold and how long it would take (`dry_run`); nothing is held, kept or made. */
export async function quoteTask(
  context: CallContext,
  { model, targets }: MediaPlan,
  { units, estimatedSeconds, bare }: JudgedSubmission,
  ports: QuotePorts,
): Promise<TaskQuote> {
  const priceVersions = targets.map(({ priceVersion }) => priceVersion);
  const [hold, estimate] = await Promise.all([
    ports.billing.quote({ priceVersions, units }, context),
    ports.tasks.estimate({ model, asked: bare, estimatedSeconds }, context),
  ]);
  return {
    hold,
    body: {
      dry_run: true,
      model,
      estimated_credits: usdNumber(hold.amount),
      estimated_seconds: estimate.estimatedSeconds,
      hold_basis: hold.basis,
    },
  };
}
