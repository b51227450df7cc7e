import { billing, type UsageFact } from '@bytespike/contracts';
import { z } from 'zod';

import type { AskUnended } from './confirm-usage.js';
import { createUsageReporter, type UsageReporter, type UsageReporterParts } from './report-usage.js';
import { complete } from './testing/samples.js';
import { until } from './testing/steps.js';

const fact: UsageFact = {
  requestId: 'request-1',
  accountId: 'account-1',
  keyId: 'key-1',
  keyHint: '...',
  protocol: 'openai-chat',
  operation: 'generate',
  model: 'model-one',
  stream: false,
  inputTokensEstimate: 1,
  startedAt: 1,
  durationMs: 1,
  outcome: complete,
};

const logger = { warn: () => undefined, error: () => undefined };
const write = (stated: UsageFact): string => JSON.stringify(z.encode(billing.usage.payload, stated));
const read = (text: string): UsageFact => billing.usage.payload.parse(JSON.parse(text));
/** A bus that stores whatever it is told. */
const stored: UsageReporterParts['publish'] = (stated) => Promise.resolve(write(stated));
/** A ledger that has ended whatever it is asked about. */
const allEnded: AskUnended = () => Promise.resolve({ requestIds: [] });

let reporters: UsageReporter[] = [];
/** Its own clock never comes round in a test: what it would do is done by hand, or by a short round. */
const reporterOf = (given: Partial<UsageReporterParts>): UsageReporter => {
  const made = createUsageReporter({
    ...{ publish: stored, read, askUnended: allEnded, logger, confirmEveryMs: 60_000, settleMs: 0 },
    ...given,
  });
  reporters.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(reporters.map((made) => made.stop()));
  reporters = [];
});

const hasRoom = (reporter: UsageReporter): boolean => {
  try {
    reporter.assertRoom();
    return true;
  } catch {
    return false;
  }
};

describe('the usage reporter', () => {
  it('states a fact until it is stored', async () => {
    let tries = 0;
    const publish = (stated: UsageFact): Promise<string> => {
      tries += 1;
      return tries < 3 ? Promise.reject(new Error('no JetStream')) : stored(stated);
    };
    const reporter = reporterOf({ publish, firstRetryMs: 1 });
    reporter.report(fact);
    expect(await reporter.flush(1_000)).toBe(0);
    expect(tries).toBe(3);
  });

  it('says once that facts are not stored, and again when it is so again', async () => {
    let isAway = true;
    const lines: string[] = [];
    const reporter = reporterOf({
      publish: (stated) => (isAway ? Promise.reject(new Error('no JetStream')) : stored(stated)),
      logger: { ...logger, warn: (_: unknown, line?: unknown) => void lines.push(String(line)) },
      firstRetryMs: 1,
    });
    const outage = async (): Promise<void> => {
      isAway = true;
      for (let count = 1; count <= 3; count += 1) reporter.report({ ...fact, requestId: `request-${count}` });
      await until(() => lines.length > 0);
      isAway = false;
      await reporter.flush(1_000);
    };
    await outage();
    expect(lines).toEqual(['usage facts are not stored now; each is stated until it is']);
    lines.length = 0;
    await outage();
    expect(lines).toHaveLength(1);
  });

  it('gives up waiting at the limit and says how many were left', async () => {
    const reporter = reporterOf({ publish: () => new Promise(() => undefined) });
    reporter.report(fact);
    reporter.report({ ...fact, requestId: 'request-2' });
    expect(await reporter.flush(20)).toBe(2);
  });

  it('takes no new work while too many facts wait', async () => {
    let store: () => void = () => undefined;
    const publish = (stated: UsageFact) => new Promise<string>((resolve) => (store = () => resolve(write(stated))));
    const reporter = reporterOf({ publish, keptMax: 1, confirmEveryMs: 1 });
    reporter.assertRoom();
    reporter.report(fact);
    expect(() => reporter.assertRoom()).toThrow('usage facts wait');
    store();
    await until(() => hasRoom(reporter));
  });

  it('keeps a fact that is stored until the ledger has ended its hold', async () => {
    let unended = ['request-1'];
    const askUnended: AskUnended = () => Promise.resolve({ requestIds: unended, handledUntil: 0 });
    const reporter = reporterOf({ askUnended, keptMax: 1, confirmEveryMs: 1 });
    reporter.report(fact);
    await reporter.flush(1_000);
    expect([hasRoom(reporter), reporter.oldestStartedAt()]).toEqual([false, 1]);
    unended = [];
    await until(() => hasRoom(reporter));
    expect(reporter.oldestStartedAt()).toBeUndefined();
  });

  it('states a fact anew that the bus had stored and lost', async () => {
    // As the bus knows them: it drops what it has stored under the same name within two minutes.
    const published: string[] = [];
    let handledUntil = 0;
    let now = 1_000_000;
    const publish = (stated: UsageFact): Promise<string> => {
      published.push(billing.usage.dedupeBy(stated));
      return stored(stated);
    };
    // What comes a second time arrives.
    const askUnended: AskUnended = () =>
      Promise.resolve({ requestIds: published.length < 2 ? ['request-1'] : [], handledUntil });
    const reporter = reporterOf({ publish, askUnended, now: () => now });
    reporter.report(fact);
    await reporter.flush(1_000);
    expect(published).toEqual(['request-1']);
    // All that was stored until now has been handled, and this fact was not among it.
    now += 10_000;
    handledUntil = now;
    await reporter.flush(1_000);
    expect(published).toEqual(['request-1', 'request-1 1']);
    await reporter.flush(1_000);
    expect([published.length, reporter.oldestStartedAt()]).toEqual([2, undefined]);
  });

  it('states a fact anew for its age when nobody can say what has been handled', async () => {
    let published = 0;
    let now = 0;
    const publish = (stated: UsageFact): Promise<string> => {
      published += 1;
      return stored(stated);
    };
    const askUnended: AskUnended = () => Promise.resolve({ requestIds: ['request-1'] });
    const reporter = reporterOf({ publish, askUnended, now: () => now });
    reporter.report(fact);
    const publishedAt = async (seconds: number): Promise<number> => {
      now = seconds * 1_000;
      await reporter.flush(1_000);
      return published;
    };
    await publishedAt(0);
    expect([await publishedAt(59), await publishedAt(61), await publishedAt(150), await publishedAt(190)]).toEqual([
      1, 2, 2, 3,
    ]);
  });

  it('waits for no end of what was free', async () => {
    const reporter = reporterOf({ keptMax: 1, askUnended: () => Promise.reject(new Error('never asked')) });
    reporter.report({ ...fact, operation: 'count' });
    await reporter.flush(1_000);
    expect(hasRoom(reporter)).toBe(true);
  });

  it('asks about many at once, each with the grant that it was carved from', async () => {
    const asked: Parameters<AskUnended>[0][number][][] = [];
    const askUnended: AskUnended = (requests) => {
      asked.push([...requests]);
      return Promise.resolve({ requestIds: [] });
    };
    const reporter = reporterOf({ askUnended });
    const carved = { grantId: 'grant-1', amount: 1n, basis: '', maxOutputTokens: 1 };
    for (let at = 0; at < 1_001; at += 1) reporter.report({ ...fact, requestId: `request-${at}`, carved });
    await reporter.flush(1_000);
    expect(asked.map(({ length }) => length)).toEqual([1_000, 1]);
    expect(asked[0]?.[0]).toEqual({ requestId: 'request-0', grantId: 'grant-1' });
  });
});
