import { tasks, type HandlersFor, type TaskView } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { CUSTOMER, runConsole, type ConsoleUnderTest } from '../testing/run-console.js';

type Handlers = HandlersFor<typeof tasks>;
type Asked<Call extends keyof Handlers> = Parameters<Handlers[Call]>[0];

const ended: TaskView = {
  ...{ taskId: 'task_1', accountId: 'acc_1', keyId: 'key_1', model: 'veo-3.1', kind: 'video', state: 'failed' },
  ...{ version: 4, createdAt: 0, estimatedCost: 1n, estimatedSeconds: 60 },
};
const absent = (): Promise<never> => Promise.reject(new GatewayError('unavailable', 'nobody asks this here'));

describe("operators' word on tasks without a verdict", () => {
  const queries: Asked<'listReviews'>[] = [];
  const verdicts: Asked<'decideReview'>[] = [];
  let underTest: ConsoleUnderTest;

  beforeAll(async () => {
    underTest = await runConsole(({ bus }) =>
      bus.serve(tasks, {
        ...{ submit: absent, estimate: absent, read: absent, readMany: absent, cancel: absent },
        ...{ listDeliveries: absent, resendDelivery: absent, rotateSigningSecret: absent },
        listReviews: async (query) => {
          queries.push(query);
          return { reviews: [{ taskId: 'task_1', model: 'veo-3.1', since: 0, reason: 'lost-submit' }] };
        },
        decideReview: async (verdict) => {
          verdicts.push(verdict);
          return { task: ended };
        },
      }),
    );
  });
  afterAll(() => underTest.stop());

  const send: ConsoleUnderTest['send'] = (method, path, ...rest) => underTest.send(method, `tasks/${path}`, ...rest);

  it('lists those that wait', async () => {
    expect(await send('GET', 'reviews?limit=2')).toEqual({
      status: 200,
      body: {
        data: [
          {
            ...{ task_id: 'task_1', model: 'veo-3.1', since: '1970-01-01T00:00:00.000Z' },
            ...{ reason: 'lost-submit', upstream_id: null },
          },
        ],
      },
    });
    expect(queries).toEqual([{ limit: 2 }]);
  });

  it('ends one, or has it asked about by what was found, naming the operator', async () => {
    expect(await send('POST', 'task_1/decision', { decision: 'fail' })).toEqual({
      status: 200,
      body: { task_id: 'task_1', status: 'failed' },
    });
    await send('POST', 'task_2/decision', { decision: 'resume', upstream_id: 'op-7', credential_id: 'cred_1' });
    await send('POST', 'task_3/decision', { decision: 'resume' });
    expect(verdicts).toEqual([
      { taskId: 'task_1', decision: 'fail', actor: 'olga' },
      { taskId: 'task_2', decision: 'resume', upstreamId: 'op-7', credentialId: 'cred_1', actor: 'olga' },
      { taskId: 'task_3', decision: 'resume', actor: 'olga' },
    ]);
  });

  it('refuses another decision, and every customer', async () => {
    expect(await send('POST', 'task_1/decision', { decision: 'complete' })).toMatchObject({ status: 400 });
    expect(await send('GET', 'reviews', undefined, CUSTOMER)).toMatchObject({ status: 403 });
    expect(await send('POST', 'task_1/decision', { decision: 'fail' }, 'nobody')).toMatchObject({ status: 401 });
  });
});
