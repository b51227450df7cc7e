import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { answering, type Run } from '../testing/fake-platform.js';
import type { Asked } from '../testing/http-client.js';
import { runIngress, STREAMING, type IngressUnderTest } from '../testing/run-ingress.js';
import { PEPPER } from '../testing/samples.js';
import { requestsArrived } from '../testing/server-side.js';
import { step, until } from '../testing/steps.js';
import { PgAnswerStore } from './pg-answer-store.js';
import { createAnswerSealer } from './seal-answer.js';

interface Sharing extends IngressUnderTest {
  /** Its own connections; without them it is as good as dead to the others. */
  readonly pool: Pool;
}

describe('two gateways with one database', () => {
  let database: TestDatabase;
  let control: Pool;
  const poolOf = (max: number) => createPool(database.url, { max, statementTimeoutMs: 5_000, applicationName: 'test' });
  beforeAll(async () => {
    database = await withTestDatabase();
    control = poolOf(1);
  });
  afterAll(async () => {
    await control.end();
    await database.drop();
  });

  const gateways: Sharing[] = [];
  afterEach(async () => {
    for (const { stop, pool } of gateways.splice(0)) {
      await stop();
      if (!pool.ended) await pool.end();
    }
  });

  const gateway = async (generate: Run): Promise<Sharing> => {
    const pool = poolOf(4);
    const answerStore = new PgAnswerStore({ pool, sealer: createAnswerSealer(PEPPER) });
    const timings = { answerLeaseMs: 60_000, answerKeepMs: 1 };
    const sharing = { ...(await runIngress({ generate }, { answerStore, timings })), pool };
    gateways.push(sharing);
    return sharing;
  };
  let names = 0;
  const newName = (): Asked => {
    names += 1;
    return { ...STREAMING.chat, headers: { ...STREAMING.chat.headers, 'idempotency-key': `order-${names}` } };
  };
  const facts = (...all: readonly Sharing[]) =>
    all.flatMap(({ heard }) => heard.facts.map(({ outcome }) => outcome.ending));

  it('run one of twenty repeats that come at once, and answer all of them the same', async () => {
    const gate = step();
    let runs = 0;
    const run: Run = async (sink, context, request) => {
      runs += 1;
      await gate.done;
      return answering([`data: run ${runs}\n\n`, 'data: [DONE]\n\n'])(sink, context, request);
    };
    const [one, other] = [await gateway(run), await gateway(run)];
    const asked = newName();
    const arrived = requestsArrived(20);
    const sent = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? one : other).send(asked));
    await arrived;
    await until(() => runs > 0);
    gate.take();
    const replies = await Promise.all(sent);
    const told = new Set(
      replies.map(({ status, headers, body }) => `${status} ${headers['request-id']} ${body.toString()}`),
    );
    expect([...told]).toEqual([expect.stringMatching(/^200 \w+ data: run 1\n\ndata: \[DONE\]\n\n$/)]);
    await until(() => facts(one, other).length > 0);
    expect([runs, facts(one, other)]).toEqual([1, ['complete']]);
  });

  it('run what a gateway left behind that is gone, once its lease has run out', async () => {
    const begun = step();
    const gate = step();
    const one = await gateway(async (sink, context, request) => {
      begun.take();
      await gate.done;
      return answering(['data: one\n\n'])(sink, context, request);
    });
    const other = await gateway(answering(['data: other\n\n']));
    const asked = newName();
    const left = one.send(asked);
    await begun.done;
    await one.pool.end();
    let isAnswered = false;
    const repeat = other.send(asked).finally(() => (isAnswered = true));
    await until(() => other.pool.totalCount > 0);
    expect(isAnswered).toBe(false);
    await control.query(`UPDATE idempotency.answer SET lease_until = now() WHERE status IS NULL`);
    expect((await repeat).body.toString()).toBe('data: other\n\n');
    expect((await other.send(asked)).headers).toMatchObject({ 'idempotent-replayed': 'true' });
    gate.take();
    expect((await left).body.toString()).toBe('data: one\n\n');
    await until(() => facts(one, other).length === 2);
    expect([facts(one), facts(other)]).toEqual([['failed'], ['complete']]);
  });

  it('find each answer at either of them, and a conflict too', async () => {
    const [one, other] = [await gateway(answering(['data: one\n\n'])), await gateway(answering(['data: other\n\n']))];
    const asked = newName();
    const first = await one.send(asked);
    await until(() => facts(one).length > 0);
    const again = await other.send(asked);
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'content-type': first.headers['content-type'],
    });
    expect((await other.send({ ...asked, body: `${String(asked.body)} ` })).status).toBe(409);
  });
});
