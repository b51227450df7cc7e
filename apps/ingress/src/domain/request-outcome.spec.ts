import { GatewayError } from '@bytespike/kernel';

import { attempt, cancelled, complete, failed, plan, principal } from '../testing/samples.js';
import { brokenOff, failureOf, finalOutcome, mayTryNext, neverRan } from './request-outcome.js';
import { usageFact } from './usage-fact.js';

const left = new GatewayError('cancelled', 'left');
const goingDown = new GatewayError('unavailable', 'going down');
const answered = { isAnswered: () => true };
const unanswered = { isAnswered: () => false };

describe('finalOutcome', () => {
  it.each([
    {
      name: 'a good end',
      outcome: complete,
      answer: answered,
      aborted: undefined,
      ending: 'complete',
      kind: undefined,
    },
    { name: 'a good end as the client leaves', outcome: complete, answer: answered, aborted: left, ending: 'complete' },
    {
      name: 'a good end of nothing',
      outcome: complete,
      answer: unanswered,
      ending: 'truncated',
      kind: 'upstream-garbled',
    },
    { name: 'a client that left', outcome: cancelled, answer: answered, aborted: left, ending: 'cancelled' },
    {
      name: 'our own going down',
      outcome: cancelled,
      answer: answered,
      aborted: goingDown,
      ending: 'truncated',
      kind: 'unavailable',
    },
    {
      name: 'our own going down before content',
      outcome: { ...cancelled, contentStarted: false },
      answer: unanswered,
      aborted: goingDown,
      ending: 'failed',
      kind: 'unavailable',
    },
  ])('of $name is $ending', ({ outcome, answer, aborted, ending, kind }) => {
    const final = finalOutcome(outcome, answer, aborted);
    expect([final.ending, final.failure?.kind]).toEqual([ending, kind]);
  });
});

describe('brokenOff', () => {
  it.each([
    { error: left, contentSent: true, ending: 'truncated' },
    { error: goingDown, contentSent: true, ending: 'truncated' },
    { error: left, contentSent: false, ending: 'cancelled' },
    { error: goingDown, contentSent: false, ending: 'failed' },
  ])('charges nothing that is not known: $ending', ({ error, contentSent, ending }) => {
    expect(brokenOff(error, { contentSent: () => contentSent })).toMatchObject({
      ending,
      contentStarted: contentSent,
      usageSource: 'none',
    });
  });
});

describe('failureOf', () => {
  it.each([{ param: 'stop' }, { path: 'stop', code: 'L61' }])(
    'keeps the place that a refusal is about: %j',
    (details) => {
      const refusal = new GatewayError('unsupported', 'stop: no.', { details });
      expect(failureOf(neverRan(refusal)).details).toEqual({ param: 'stop' });
    },
  );

  it('has no place where the refusal has none', () => {
    expect(failureOf(neverRan(left)).details).toBeUndefined();
  });
});

describe('mayTryNext', () => {
  it.each([
    { outcome: complete, may: false },
    { outcome: cancelled, may: false },
    { outcome: failed({ kind: 'upstream-credential', message: '' }), may: true },
    { outcome: failed({ kind: 'unavailable', message: '' }), may: true },
    { outcome: failed({ kind: 'upstream-refused', message: '' }), may: false },
    { outcome: failed({ kind: 'upstream-transient', message: '' }, 'truncated'), may: false },
  ])('after $outcome.ending $outcome.failure.kind is $may', ({ outcome, may }) => {
    expect(mayTryNext(outcome)).toBe(may);
  });
});

describe('usageFact', () => {
  const [first, second] = [
    { ...attempt, model: 'model-a', priceVersion: 'a@1', kind: 'upstream-timeout' as const },
    { ...attempt, model: 'model-b', priceVersion: 'b@1' },
  ];
  const fact = (outcome: typeof complete, outputUnwanted = false) =>
    usageFact({
      requestId: 'request-1',
      principal: { ...principal, organisationId: 'organisation-1' },
      protocol: 'openai-chat',
      operation: 'generate',
      plan,
      stream: true,
      inputTokensEstimate: 7,
      startedAt: 1_000,
      endedAt: 1_250,
      outcome,
      outputUnwanted,
      carved: undefined,
    });

  it('leaves the words of a failure behind, which may quote what was asked', () => {
    const verbatim = { status: 400, contentType: 'application/json', bodyBase64: 'c2VjcmV0' };
    const { outcome } = fact(failed({ kind: 'upstream-refused', message: 'you said: secret', verbatim }));
    expect(outcome.failure).toEqual({ kind: 'upstream-refused' });
  });

  it('says that no output was wanted, and nothing where some was', () => {
    expect(fact(complete, true).outcome).toEqual({ ...complete, outputUnwanted: true });
    expect(fact(complete).outcome).toEqual(complete);
  });

  it.each([
    { name: 'that served', outcome: { ...complete, attempts: [first, second] }, priceVersion: 'b@1', model: 'model-b' },
    {
      name: 'whose content the client cut off',
      outcome: { ...cancelled, attempts: [first, { ...second, kind: 'cancelled' as const }] },
      priceVersion: 'b@1',
      model: 'model-b',
    },
    {
      name: 'of none',
      outcome: failed({ kind: 'unavailable', message: '' }),
      priceVersion: undefined,
      model: 'model-one',
    },
  ])('names the price of the target $name', ({ outcome, priceVersion, model }) => {
    expect(fact(outcome)).toMatchObject({
      organisationId: 'organisation-1',
      inputTokensEstimate: 7,
      durationMs: 250,
      model,
    });
    expect(fact(outcome).priceVersion).toBe(priceVersion);
  });
});
