import type { HoldRequest, MediaPlan, Principal } from '@bytespike/contracts';
import { mostImageUnits, type ImageRequest } from '@bytespike/media';

import { capsFor } from './caps-for.js';

export interface PicturesHeldFor {
  readonly requestId: string;
  readonly principal: Principal;
  readonly plan: MediaPlan;
  readonly request: ImageRequest;
  /** The process that will report how it ended. */
  readonly reporter: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/** What pictures may cost at most: each that is asked for, at the dearest target. Words of the prompt cost nothing. */
export const pictureHold = ({ principal, plan, request, ...rest }: PicturesHeldFor): HoldRequest => ({
  ...rest,
  accountId: principal.accountId,
  keyId: principal.keyId,
  operation: 'generate',
  model: plan.model,
  ...(principal.memberId !== undefined && { memberId: principal.memberId }),
  caps: capsFor(principal, plan.model),
  priceVersions: [...new Set(plan.targets.map(({ priceVersion }) => priceVersion))],
  inputTokensUpperBound: 0,
  maxOutputTokens: 0,
  modelMaxOutputTokens: 1,
  units: mostImageUnits(request),
  stream: false,
});
