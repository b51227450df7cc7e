import type { HoldRequest, MediaAsked, MediaTarget, MediaUnits, Principal } from '@bytespike/contracts';

import { PATIENCE } from './patience.js';
import type { Shown, Task } from './task.js';

/** All workers are one to the ledger: whichever lives reports how a task ends. */
export const REPORTER = 'tasks';

/** What a user is shown of what was asked, and what it is billed by. */
export function shownOf({ kind, request }: MediaAsked): Shown {
  if (kind === 'image')
    return {
      images: request.n,
      resolution: request.size,
      ...(request.aspectRatio !== undefined && { aspectRatio: request.aspectRatio }),
    };
  return { seconds: request.seconds, resolution: request.resolution, aspectRatio: request.aspectRatio };
}

/** What a task costs at most: whole pieces, which alone are sold. */
const unitsOf = ({ seconds, images }: Shown): MediaUnits => ({
  ...(seconds !== undefined && { seconds }),
  ...(images !== undefined && { images }),
});

const pricesOf = (targets: readonly MediaTarget[]): string[] => [
  ...new Set(targets.map(({ priceVersion }) => priceVersion)),
];

/** The same for every submit of one task, so that all of them ask for one hold. */
export const holdRequest = (
  task: Pick<Task, 'id' | 'accountId' | 'keyId' | 'model' | 'memberId' | 'shown' | 'targets' | 'createdAt'>,
  { caps }: Pick<Principal, 'caps'>,
): HoldRequest => ({
  requestId: task.id,
  accountId: task.accountId,
  keyId: task.keyId,
  operation: 'generate',
  model: task.model,
  ...(task.memberId !== undefined && { memberId: task.memberId }),
  // Those of other models do not hold for this one.
  caps: caps.filter(({ subject }) => !subject.startsWith('model:') || subject === `model:${task.model}`),
  reporter: REPORTER,
  priceVersions: pricesOf(task.targets),
  inputTokensUpperBound: 0,
  maxOutputTokens: 0,
  modelMaxOutputTokens: 1,
  units: unitsOf(task.shown),
  stream: false,
  deadline: task.createdAt + PATIENCE.holdMs,
});
