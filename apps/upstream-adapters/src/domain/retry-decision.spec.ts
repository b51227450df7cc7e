import { ERROR_KINDS, errorKinds } from '@bytespike/kernel';

import { earn, fullBudget, spend, type RetryBudget } from './retry-budget.js';
import { decideRetry, type RetryFacts } from './retry-decision.js';

const facts: RetryFacts = {
  kind: 'upstream-transient',
  retryAfterMs: undefined,
  attemptsLeft: 2,
  repeatedTarget: false,
  credentialsLeft: true,
  timeLeftMs: 10_000,
  random: 0.5,
};

describe('decideRetry', () => {
  it.each([
    [{}, { next: 'same-target', waitMs: 125 }],
    [{ repeatedTarget: true }, { next: 'stop' }],
    [{ retryAfterMs: 1_000 }, { next: 'same-target', waitMs: 1_125 }],
    [{ retryAfterMs: 2_001 }, { next: 'stop' }],
    [{ retryAfterMs: 1_000, timeLeftMs: 1_250 }, { next: 'stop' }],
    [{ attemptsLeft: 0 }, { next: 'stop' }],
    [{ timeLeftMs: 100 }, { next: 'stop' }],
    [{ kind: 'upstream-credential' }, { next: 'other-credential' }],
    [{ kind: 'upstream-quota', credentialsLeft: false }, { next: 'stop' }],
    [{ kind: 'upstream-rate-limited' }, { next: 'other-credential' }],
    [{ kind: 'upstream-timeout' }, { next: 'stop' }],
    [{ kind: 'upstream-model-gone' }, { next: 'stop' }],
  ] as const)('%j', (given, decision) => {
    expect(decideRetry({ ...facts, ...given })).toEqual(decision);
  });

  it('never repeats what the error table says never to', () => {
    const never = errorKinds.filter((kind) => ERROR_KINDS[kind].retry === 'never');
    expect(never.map((kind) => decideRetry({ ...facts, kind }).next)).toEqual(never.map(() => 'stop'));
  });
});

describe('the retry budget', () => {
  it('is a tenth of the calls, after a reserve', () => {
    let budget: RetryBudget = fullBudget;
    let retries = 0;
    for (let call = 0; call < 1_000; call += 1) {
      budget = earn(budget);
      const left = spend(budget);
      if (!left) continue;
      budget = left;
      retries += 1;
    }
    expect(retries).toBeGreaterThanOrEqual(100);
    expect(retries).toBeLessThanOrEqual(112);
  });
});
