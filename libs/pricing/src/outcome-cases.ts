import type { ErrorKind } from '@bytespike/kernel';

import type { OutcomeFact } from './outcome-table.js';

/** A way for a request to end that the contract names, and the fact it leaves. */
export interface OutcomeCase {
  /** The sections of the public contract that promise something about it. */
  readonly promised: string;
  readonly what: string;
  readonly fact: OutcomeFact;
}

const whole: OutcomeFact = {
  ending: 'complete',
  finish: 'stop',
  usage: { input: 1_000, cacheRead: 100, output: 50 },
  usageSource: 'vendor',
  contentStarted: true,
  deliveredOutput: 48,
};

const NOTHING_CAME = { usageSource: 'none', contentStarted: false, deliveredOutput: 0 } as const;

const failedAs = (kind: ErrorKind): OutcomeFact => ({
  ...NOTHING_CAME,
  ending: 'failed',
  failure: { kind },
});
const brokenAs = (kind: ErrorKind): OutcomeFact => ({
  ...NOTHING_CAME,
  ending: 'truncated',
  failure: { kind },
  contentStarted: true,
  deliveredOutput: 20,
});
const left = (change: Partial<OutcomeFact>): OutcomeFact => ({
  ...whole,
  ending: 'cancelled',
  deliveredOutput: 20,
  ...change,
});

/** Eight seconds of film, made and copied. */
const film: OutcomeFact = {
  ending: 'complete',
  usage: { seconds: 8 },
  usageSource: 'vendor',
  contentStarted: true,
  deliveredOutput: 0,
};
const withdrawn: OutcomeFact = { ...film, ending: 'cancelled', contentStarted: false };

/** Every row of sections 0.5, 8.2 and 8.3. The documentation and a test read it. */
export const OUTCOME_CASES: readonly OutcomeCase[] = [
  { promised: '8.1', what: 'a whole answer', fact: whole },
  { promised: '8.1', what: 'an answer that ends at its token limit', fact: { ...whole, finish: 'length' } },
  { promised: '8.1', what: 'a tool call', fact: { ...whole, finish: 'tool-calls' } },
  { promised: '0.5', what: "a model's refusal in words", fact: { ...whole, finish: 'refusal' } },
  {
    promised: '0.5',
    what: 'a whole stream without usage',
    fact: { ...whole, usage: undefined, usageSource: 'counted' },
  },
  { promised: '0.5, 8.2', what: 'a vendor that answers 5xx, or not at all', fact: failedAs('upstream-transient') },
  { promised: '8.2', what: 'a vendor that is too slow', fact: failedAs('upstream-timeout') },
  { promised: '8.2', what: 'a vendor that limits our rate', fact: failedAs('upstream-rate-limited') },
  { promised: '8.2', what: 'a vendor that refuses our credential', fact: failedAs('upstream-credential') },
  { promised: '8.2', what: "a vendor's 4xx about the request", fact: failedAs('upstream-refused') },
  { promised: '8.2', what: 'a moderation or safety refusal', fact: failedAs('upstream-blocked') },
  { promised: '0.3', what: 'a prompt that is too long for the model', fact: failedAs('context-too-long') },
  { promised: '0.3', what: 'a translation whose loss you do not permit', fact: failedAs('unsupported') },
  { promised: '0.5, 8.2', what: '200 with an error in place of an answer', fact: failedAs('upstream-transient') },
  {
    promised: '0.5, 8.2',
    what: '200 with an error behind an answer',
    fact: { ...whole, failure: { kind: 'upstream-transient' } },
  },
  { promised: '0.5, 8.2', what: 'a vendor that breaks off in mid-stream', fact: brokenAs('upstream-transient') },
  { promised: '0.5, 8.2', what: 'a vendor that falls silent in mid-stream', fact: brokenAs('upstream-timeout') },
  { promised: '0.5', what: 'a vendor that stops making sense in mid-stream', fact: brokenAs('upstream-garbled') },
  { promised: '0.5', what: 'an answer that its vendor calls unusable', fact: { ...whole, finish: 'unusable' } },
  { promised: '0.5', what: 'a refusal before any content', fact: { ...whole, ...NOTHING_CAME, finish: 'refusal' } },
  { promised: '0.5', what: 'an empty answer', fact: { ...whole, ...NOTHING_CAME, usage: { input: 1_000 } } },
  {
    promised: '8.1',
    what: 'a cache that you have filled',
    fact: {
      ...whole,
      ...{ outputUnwanted: true, finish: 'length', usage: { input: 9, cacheWrite5m: 48_000 } },
      ...{ contentStarted: false, deliveredOutput: 0 },
    },
  },
  {
    promised: '0.5',
    what: 'an answer that is all hidden thought',
    fact: { ...whole, contentStarted: false, deliveredOutput: 0, finish: 'length', usage: { input: 9, reasoning: 64 } },
  },
  {
    promised: '0.5',
    what: 'usage that is negative or does not add up',
    fact: { ...whole, usage: undefined, quarantined: true },
  },
  {
    promised: '0.5, 8.2',
    what: 'you leave before the first content',
    fact: { ...NOTHING_CAME, ending: 'cancelled' },
  },
  { promised: '0.5, 8.3', what: 'you leave after content, its input reported', fact: left({}) },
  {
    promised: '0.5, 8.3',
    what: 'you leave after content, nothing reported',
    fact: left({ usage: undefined, usageSource: 'none' }),
  },
  {
    promised: '0.5',
    what: 'your own limit ends a stream that started short',
    fact: left({ ending: 'cut', failure: { kind: 'insufficient-credit' } }),
  },
  { promised: '0.5', what: 'we go down before the first content', fact: failedAs('unavailable') },
  { promised: '0.5', what: 'we go down in mid-stream', fact: brokenAs('unavailable') },
  { promised: '8', what: 'a film', fact: film },
  { promised: '8', what: 'pictures, each of them by itself', fact: { ...film, usage: { images: 4 } } },
  { promised: '8', what: 'fewer pictures than were asked for', fact: { ...film, usage: { images: 3 } } },
  { promised: '8.2', what: 'a render that fails', fact: failedAs('upstream-transient') },
  { promised: '8.2', what: 'a render that its vendor refuses for what it shows', fact: failedAs('upstream-blocked') },
  { promised: '0.7', what: 'a render of which nobody can say how it ended', fact: failedAs('upstream-timeout') },
  {
    promised: '8.2',
    what: 'a film that was made and could not be handed over',
    fact: { ...failedAs('upstream-transient'), usage: { seconds: 8 }, usageSource: 'vendor' },
  },
  {
    promised: '8.2',
    what: 'you cancel a task before its vendor has begun',
    fact: { ...withdrawn, usage: undefined, usageSource: 'none' },
  },
  {
    promised: '8.3',
    what: 'you cancel a render of which its vendor bills nothing',
    fact: { ...withdrawn, usage: {}, usageSource: 'none' },
  },
  {
    promised: '8.3',
    what: 'you cancel a render that its vendor bills as far as it had come',
    fact: { ...withdrawn, usage: { seconds: 3 } },
  },
];
