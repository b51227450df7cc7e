import type { Failure, SubmitOutcome } from '@bytespike/contracts';
import { ERROR_KINDS } from '@bytespike/kernel';

import { reported } from './after-report.js';
import { firstAskMs, retryMs } from './cadence.js';
import { failed } from './decide-end.js';
import type { Moment } from './moment.js';
import { pendingUntil } from './next-step.js';
import { deadlineIn, PATIENCE } from './patience.js';
import { review } from './review.js';
import type { Change, Task } from './task.js';
import { wireOf } from './wire-of.js';

/** The receipt lists them; a task that was refused for a quarter of an hour has no more to tell. */
const ATTEMPTS_MAX = 20;
const RESEND = { firstMs: 1_000, mostMs: 30_000 };
/** A lost submit is looked for soon, and then as long again as it has been looked for. */
const LOOK_UP_MS_MIN = 1_000;
const LOOK_UP_MS_MAX = 30_000;

/** What is written before a vendor is called. Until its answer is written, everybody must assume that it was. */
export const sending = (task: Task, now: number): Change => {
  const answerMs = task.kind === 'video' ? PATIENCE.filmAnswerMs : PATIENCE.pictureAnswerMs;
  return {
    state: 'submitting',
    credentialId: undefined,
    sentAt: now,
    arrivedBy: now + answerMs + PATIENCE.transitMs,
    startedAt: task.startedAt ?? now,
    deadlineAt: deadlineIn(answerMs + PATIENCE.lookUpMs, task.createdAt, now),
    // For whoever finds that the sender has died.
    nextActionAt: now,
  };
};

/** What came of a send. */
export function sent(task: Task, outcome: SubmitOutcome, at: Moment): Change {
  const { submitted, credentialId, sentAt = task.sentAt, arrivedBy = task.arrivedBy } = outcome;
  const attempts = [...task.attempts, ...outcome.attempts].slice(-ATTEMPTS_MAX);
  switch (submitted.type) {
    case 'accepted': {
      const taken = accepted(task, { upstreamId: submitted.upstreamId, credentialId, sentAt }, at);
      // Only a verdict says more than that it was taken.
      const { state } = submitted.report;
      const isUnderWay = state === 'queued' || state === 'running' || state === 'unknown';
      return { attempts, ...taken, ...(!isUnderWay && reported({ ...task, ...taken }, submitted.report, at)) };
    }
    case 'finished': {
      const made = { attempts, credentialId, submittedAt: sentAt, arrivedBy: undefined } satisfies Change;
      return { ...made, ...reported({ ...task, ...made }, submitted.report, at) };
    }
    case 'refused':
      return { attempts, ...refused(task, submitted.failure, at) };
    case 'unclear':
      return { attempts, ...unheard({ ...task, credentialId, arrivedBy }, submitted.failure, at) };
  }
}

export interface TakenRender {
  readonly upstreamId: string;
  readonly credentialId: string | undefined;
  readonly sentAt: number | undefined;
}

/** A vendor has it, whether it said so or it was found there. */
export function accepted(task: Task, { upstreamId, credentialId, sentAt }: TakenRender, at: Moment): Change {
  const { now } = at;
  return {
    state: 'running',
    upstreamId,
    credentialId,
    submittedAt: sentAt ?? now,
    arrivedBy: undefined,
    startedAt: task.startedAt ?? now,
    reviewReason: undefined,
    polls: 0,
    deadlineAt: deadlineIn(Math.max(PATIENCE.runningMs, task.estimatedSeconds * 10_000), task.createdAt, now),
    nextActionAt: now + (task.cancelRequestedAt === undefined ? firstAskMs(task.estimatedSeconds, at) : 0),
  };
}

/** Nobody but we break a send off, when its time is over: its owner's wish is noted in the row. */
const notCancelled = (failure: Failure): Failure =>
  failure.kind === 'cancelled' ? { ...failure, kind: 'unavailable' } : failure;

/** Nothing was started. The kind's row says what may be tried next; what a caller waits for may wait for a vendor too. */
function refused(task: Task, said: Failure, at: Moment): Change {
  const failure = notCancelled(said);
  const { retry } = ERROR_KINDS[failure.kind];
  const { now } = at;
  if (retry === 'never' || now >= pendingUntil(task)) return failed(failure, now);
  const [first, ...others] = task.targets;
  const targets = first && retry !== 'same-target' ? [...others, first] : task.targets;
  const polls = task.polls + 1;
  const isUntried = retry !== 'same-target' && polls % targets.length !== 0;
  const waitMs = Math.max(failure.retryAfterMs ?? 0, retryMs(Math.floor((polls - 1) / targets.length), RESEND, at));
  return {
    state: 'pending',
    targets,
    polls,
    credentialId: undefined,
    sentAt: undefined,
    arrivedBy: undefined,
    failure: { kind: failure.kind, message: failure.message },
    deadlineAt: pendingUntil(task),
    nextActionAt: isUntried ? now : Math.min(now + waitMs, pendingUntil(task)),
  };
}

/** Whoever asked for pictures has lost the answer: they may lie in the store all the same, and are looked for there first. */
function unheard(task: Task, failure: Pick<Failure, 'kind' | 'message'>, at: Moment): Change {
  if (task.kind !== 'image') return unclear(task, failure, at);
  const { credentialId, arrivedBy } = task;
  const { kind, message } = failure;
  return { credentialId, arrivedBy, failure: { kind, message }, nextActionAt: at.now + LOOK_UP_MS_MIN };
}

/** Something may have been started. It is looked for where the vendor has a list, and a person looks where it has none. */
export function unclear(task: Task, failure: Pick<Failure, 'kind' | 'message'> | undefined, at: Moment): Change {
  const { now } = at;
  const { credentialId, arrivedBy = now, sentAt = now } = task;
  const known = {
    ...{ credentialId, arrivedBy },
    ...(failure && { failure: { kind: failure.kind, message: failure.message } }),
  };
  if (!wireOf(task).lookUp) return { ...known, ...review(task, 'lost-submit', at) };
  const deadlineAt = deadlineIn(arrivedBy + PATIENCE.lookUpMs - now, task.createdAt, now);
  if (now >= deadlineAt) return { ...known, ...review(task, 'lost-submit', at) };
  const waitMs = Math.min(Math.max(now - sentAt, LOOK_UP_MS_MIN), LOOK_UP_MS_MAX);
  return { ...known, state: 'submitting', deadlineAt, nextActionAt: now + waitMs };
}

/** It never arrived, and nothing of ours is on its way any more: it may be sent again. */
export const neverArrived = (task: Task, at: Moment): Change =>
  refused(task, { kind: 'upstream-transient', message: 'The vendor never received it.' }, at);
