import type { UsageFact } from '@bytespike/contracts';

import { createUsageReporter } from './report-usage.js';
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

describe('the usage reporter', () => {
  it('states a fact until it is stored', async () => {
    let tries = 0;
    const publish = async (): Promise<void> => {
      tries += 1;
      if (tries < 3) throw new Error('no JetStream');
    };
    const reporter = createUsageReporter({ publish, logger, firstRetryMs: 1 });
    reporter.report(fact);
    expect(await reporter.flush(1_000)).toBe(0);
    expect(tries).toBe(3);
  });

  it('gives up waiting at the limit and says how many were left', async () => {
    const reporter = createUsageReporter({ publish: () => new Promise(() => undefined), logger });
    reporter.report(fact);
    reporter.report({ ...fact, requestId: 'request-2' });
    expect(await reporter.flush(20)).toBe(2);
  });

  it('takes no new work while too many facts wait', async () => {
    let store: () => void = () => undefined;
    const publish = () => new Promise<void>((resolve) => (store = resolve));
    const reporter = createUsageReporter({ publish, logger, waitingMax: 1 });
    reporter.assertRoom();
    reporter.report(fact);
    expect(() => reporter.assertRoom()).toThrow('usage facts wait');
    store();
    await until(() => {
      try {
        reporter.assertRoom();
        return true;
      } catch {
        return false;
      }
    });
  });
});
