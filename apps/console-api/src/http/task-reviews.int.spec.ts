import type { Bus } from '@bytespike/bus';
import { createLocalBus } from '@bytespike/bus/testing';
import { tasks, type HandlersFor, type TaskView } from '@bytespike/contracts';
import { createPrisma, type PrismaClient } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { GatewayError } from '@bytespike/kernel';
import { digestKey } from '@bytespike/secrets';
import type { RunningService } from '@bytespike/service';
import { createLogger } from '@bytespike/telemetry';

import { consoleApi } from '../service.js';

const PEPPER = 'a pepper that is long enough';
const OPERATOR = 'op-byts-the-operator-of-this-test';
const CUSTOMER = 'mk-byts-the-customer-of-this-test';

type Handlers = HandlersFor<typeof tasks>;
type Asked<Call extends keyof Handlers> = Parameters<Handlers[Call]>[0];

const ended: TaskView = {
  ...{ taskId: 'task_1', accountId: 'acc_1', keyId: 'key_1', model: 'veo-3.1', kind: 'video', state: 'failed' },
  ...{ version: 4, createdAt: 0, estimatedCost: 1n, estimatedSeconds: 60 },
};
const absent = (): Promise<never> => Promise.reject(new GatewayError('unavailable', 'nobody asks this here'));

describe("operators' word on tasks without a verdict", () => {
  let database: TestDatabase;
  let prisma: PrismaClient;
  let running: RunningService;
  let bus: Bus;
  const queries: Asked<'listReviews'>[] = [];
  const verdicts: Asked<'decideReview'>[] = [];

  beforeAll(async () => {
    database = await withTestDatabase();
    prisma = createPrisma(database.url);
    bus = createLocalBus();
    await bus.serve(tasks, {
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
    });
    const environment = { DATABASE_URL: database.url, KEY_PEPPER: PEPPER, CONSOLE_API_PORT: '0' };
    running = await consoleApi.start({ environment, bus, logger: createLogger({ service: 'test', level: 'silent' }) });
    for (const [id, secret, role] of [
      ['tok_1', OPERATOR, 'operator'],
      ['tok_2', CUSTOMER, 'management'],
    ] as const) {
      const data = { id, digest: digestKey(secret, PEPPER), hint: 'h', role, actor: 'olga' };
      await prisma.identityAccessToken.create({ data });
    }
  });
  afterAll(async () => {
    await running.drain(1_000);
    await prisma.$disconnect();
    await database.drop();
  });

  const send = async (method: string, path: string, body?: unknown, token = OPERATOR) => {
    const response = await fetch(`${running.addresses['console-api']}/api/v1/admin/tasks/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };

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
