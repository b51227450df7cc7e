import type { RenderReport, SubmitOutcome } from '@bytespike/contracts';
import { errorKinds } from '@bytespike/kernel';
import fc from 'fast-check';

import { aTask } from '../testing/a-task.js';
import { targetOf } from '../testing/film-input.js';
import { attempt, CREDENTIAL, FILM, keptFilm } from '../testing/scripted-vendor.js';
import { copied } from './after-copy.js';
import { askAgain, reported } from './after-report.js';
import { accepted, neverArrived, sending, sent, unclear } from './after-send.js';
import { ended, stated } from './after-settling.js';
import { abandoned, givenUp, withdrawn } from './decide-end.js';
import type { Moment } from './moment.js';
import { nextStep, type Step } from './next-step.js';
import { PATIENCE } from './patience.js';
import { isEnded, type Change, type Task } from './task.js';
import { taskView } from './task-view.js';
import { usageFact } from './usage-fact.js';
import { withChange } from './with-change.js';

const failure = fc.constantFrom(...errorKinds).map((kind) => ({ kind, message: 'no' }));
const report: fc.Arbitrary<RenderReport> = fc.oneof(
  fc.record({
    state: fc.constantFrom('queued' as const, 'running' as const),
    word: fc.constant('w'),
    progress: fc.record({ percent: fc.integer({ min: 0, max: 100 }) }, { requiredKeys: [] }),
  }),
  fc.record({
    state: fc.constant('succeeded' as const),
    word: fc.constant('w'),
    assets: fc.array(fc.constantFrom(FILM, { from: 'store' as const, asset: keptFilm('film') }), {
      minLength: 1,
      maxLength: 3,
    }),
    rendered: fc.record({ seconds: fc.double({ min: 0, max: 20 }) }, { requiredKeys: [] }),
  }),
  fc.record({ state: fc.constantFrom('failed' as const, 'expired' as const), word: fc.constant('w'), failure }),
  fc.record({
    state: fc.constant('cancelled' as const),
    word: fc.constant('w'),
    rendered: fc.constant({ seconds: 2 }),
  }),
  fc.record({
    state: fc.constant('unknown' as const),
    word: fc.constant('w'),
    attention: fc.constantFrom('none' as const, 'operator' as const),
  }),
);
const outcome: fc.Arbitrary<SubmitOutcome> = fc.oneof(
  report.map((said) => ({
    submitted: { type: 'accepted' as const, upstreamId: 'render-1', report: said },
    credentialId: CREDENTIAL,
    attempts: [attempt()],
  })),
  failure.map((why) => ({ submitted: { type: 'refused' as const, failure: why }, attempts: [attempt(why.kind)] })),
  failure.map((why) => ({
    submitted: { type: 'unclear' as const, failure: why },
    credentialId: CREDENTIAL,
    attempts: [],
  })),
);
/** What the world does at one step, whichever step that is. */
const event = fc.record({
  outcome,
  report: fc.option(report, { nil: undefined }),
  lookedUp: fc.constantFrom('found' as const, 'absent' as const, 'unclear' as const),
  isCopied: fc.boolean(),
  areGone: fc.boolean(),
  isSettled: fc.boolean(),
  isKilled: fc.boolean(),
  isUnwanted: fc.boolean(),
  lateMs: fc.nat(30_000),
  random: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** What one step makes of a task in this world; a worker that is killed over a send has written that it sends. */
const STEPS: Readonly<Record<Step, (task: Task, happening: Event, at: Moment) => Change>> = {
  abandon: (_task, _event, at) => abandoned(at.now),
  withdraw: (_task, _event, at) => withdrawn(at.now),
  'give-up': (task, _event, at) => givenUp(task, at.now),
  send: (task, { outcome: came, isKilled }, at) => {
    const written = sending(task, at.now);
    return isKilled ? written : { ...written, ...sent({ ...task, ...written }, came, at) };
  },
  'look-up': (task, { lookedUp }, at) => {
    if (lookedUp === 'found')
      return accepted(task, { upstreamId: 'render-1', credentialId: CREDENTIAL, sentAt: task.sentAt }, at);
    return lookedUp === 'absent' && at.now >= (task.arrivedBy ?? 0)
      ? neverArrived(task, at)
      : unclear(task, undefined, at);
  },
  ask: (task, { report: said }, at) => (said ? reported(task, said, at) : askAgain(task, at)),
  copy: (task, { isCopied, areGone }, at) => {
    const assets = task.assets.map((asset) => asset ?? (isCopied ? keptFilm('film') : null));
    return copied({ ...task, assets }, { areGone }, at);
  },
  settle: (task, { isSettled }, at) => {
    const decided = task.outcome ?? { end: 'failed' as const, units: {}, decidedAt: at.now };
    return isSettled ? ended(decided, 0n, at.now) : stated(task, decided, at);
  },
  rest: () => ({}),
};

interface Life {
  readonly path: readonly { readonly step: Step; readonly task: Task }[];
  readonly end: Task;
}

/** A whole life in a world that does what it likes, and that settles in the end. */
function live(first: Task, events: readonly Event[]): Life {
  const path: { step: Step; task: Task }[] = [];
  let task = first;
  for (let place = 0; !isEnded(task) && place < 20_000; place += 1) {
    const happening = events[place % events.length];
    if (!happening) break;
    const now = Math.max(task.nextActionAt ?? Infinity, first.createdAt) + happening.lateMs;
    if (happening.isUnwanted && task.cancelRequestedAt === undefined) task = { ...task, cancelRequestedAt: now };
    const step = nextStep(task, now);
    const isLate = now > first.createdAt + 24 * 3_600_000;
    const made = { ...happening, isSettled: happening.isSettled || isLate || place % 7 === 6 };
    task = withChange(task, STEPS[step](task, made, { now, random: () => happening.random, askMsMax: 20_000 }));
    path.push({ step, task });
  }
  return { path, end: task };
}

const vendors = fc.constantFrom(
  [targetOf()],
  [targetOf({ vendor: 'google', upstreamModel: 'veo-3.1' })],
  [targetOf({ vendor: 'bytedance', upstreamModel: 'seedance' }), targetOf({ channelId: 'channel-2' })],
);
const law = (check: (life: Life, first: Task) => void): void =>
  fc.assert(
    fc.property(vendors, fc.array(event, { minLength: 1, maxLength: 30 }), (targets, events) => {
      const first = aTask({ targets });
      check(live(first, events), first);
    }),
    { numRuns: 300 },
  );

describe('the life of a task, whatever the world does', () => {
  it('ends, and before its hold lapses', () => {
    law(({ end }, { createdAt }) => {
      expect(isEnded(end)).toBe(true);
      expect(end.endedAt).toBeLessThan(createdAt + PATIENCE.holdMs + 15 * 60_000);
    });
  });

  it('always has a next look until it has ended, and none after', () => {
    law(({ path }) => {
      for (const { task } of path) expect(task.nextActionAt === undefined).toBe(isEnded(task));
    });
  });

  it('is never sent again but after a refusal, or when its vendor never received it', () => {
    law(({ path }) => {
      for (const [place, { step }] of path.entries()) {
        if (step !== 'send') continue;
        // Only what is pending is sent, and what was taken, or may have been, is never pending again.
        const before = path[place - 1]?.task;
        expect(before?.upstreamId).toBeUndefined();
        expect([undefined, 'pending']).toContain(before?.state);
      }
      for (const [place, { task }] of path.entries())
        if (path.slice(0, place).some(({ task: earlier }) => earlier.upstreamId !== undefined))
          expect(task.state).not.toBe('pending');
    });
  });

  it('shows its owner no step back, and a larger version whenever something is new', () => {
    const rank = { pending: 0, running: 1, completed: 2, failed: 2, cancelled: 2 };
    law(({ path }, first) => {
      let before = first;
      for (const { task } of path) {
        expect(rank[taskView(task).state]).toBeGreaterThanOrEqual(rank[taskView(before).state]);
        expect(task.version).toBeGreaterThanOrEqual(before.version);
        before = task;
      }
    });
  });

  it('bills nothing that was not delivered, nor more than was asked for', () => {
    law(({ path }) => {
      for (const { task } of path) {
        if (!task.outcome) continue;
        const { seconds = 0 } = task.outcome.units;
        expect(seconds).toBeLessThanOrEqual(5);
        if (task.outcome.end === 'failed') expect(task.outcome.units).toEqual({});
        if (task.outcome.end === 'completed') expect(task.assets.some((asset) => asset !== null)).toBe(true);
        expect(usageFact(task).requestId).toBe(task.id);
      }
    });
  });

  it('decides its end once', () => {
    law(({ path }) => {
      const ends = path.flatMap(({ task }) => (task.outcome ? [task.outcome.end] : []));
      expect(new Set(ends).size).toBe(1);
    });
  });
});
