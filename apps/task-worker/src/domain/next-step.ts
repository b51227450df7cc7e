import { PATIENCE } from './patience.js';
import { isEnded, type Task } from './task.js';

/**
 * - `abandon`: whoever submitted it has gone without an answer;
 * - `withdraw`: unwanted before anything was sent;
 * - `give-up`: its time is over;
 * - `look-up`: something was sent, and nobody knows what came of it;
 * - `rest`: it has ended.
 */
export type Step = 'abandon' | 'withdraw' | 'give-up' | 'send' | 'look-up' | 'ask' | 'copy' | 'settle' | 'rest';

/** By when a vendor must have taken it. */
export const pendingUntil = ({ createdAt }: Pick<Task, 'createdAt'>): number => createdAt + PATIENCE.pendingMs;

/** What a row says must be done next, whoever reads it and however often. */
export function nextStep(task: Task, now: number): Step {
  if (isEnded(task)) return 'rest';
  const { state, upstreamId, report, cancelRequestedAt, deadlineAt, createdAt } = task;
  const isOver = deadlineAt !== undefined && now >= deadlineAt;
  if (state === 'admitting') return 'abandon';
  if (state === 'settling') return 'settle';
  // Its hold lapses. Nothing is as old unless every look at it breaks.
  if (now >= createdAt + PATIENCE.holdMs) return 'give-up';
  if (state === 'pending') {
    if (cancelRequestedAt !== undefined) return 'withdraw';
    return now >= pendingUntil(task) ? 'give-up' : 'send';
  }
  if (state === 'needs_review' && isOver) return 'give-up';
  if (upstreamId === undefined) return 'look-up';
  return report ? 'copy' : 'ask';
}
