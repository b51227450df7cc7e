import { GatewayError, LIMITS } from '@bytespike/kernel';

import { answering, type Run } from '../testing/fake-platform.js';
import { open, read, type Asked } from '../testing/http-client.js';
import { MemoryAnswerStore } from '../testing/memory-answer-store.js';
import { ASKING, runIngress, STREAMING, type IngressUnderTest, type Settings } from '../testing/run-ingress.js';
import { complete, failed, head, plan, target } from '../testing/samples.js';
import { nextConnectionLost } from '../testing/server-side.js';
import { step, until, whenAborted } from '../testing/steps.js';

const named = (asked: Asked): Asked => ({ ...asked, headers: { ...asked.headers, 'idempotency-key': 'order-1' } });
const QUICK = { firstKeepAliveMs: 5, keepAliveEveryMs: 5 };

describe('repeats that arrive at another gateway', () => {
  let store: MemoryAnswerStore;
  const running: IngressUnderTest[] = [];
  beforeEach(() => {
    store = new MemoryAnswerStore();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((ingress) => ingress.stop()));
  });

  const gateway = async (generate: Run, settings: Settings = {}): Promise<IngressUnderTest> => {
    const ingress = await runIngress({ generate }, { answerStore: store, ...settings });
    running.push(ingress);
    return ingress;
  };
  const endings = ({ heard }: IngressUnderTest) => heard.facts.map(({ outcome }) => outcome.ending);
  const settled = (ingress: IngressUnderTest) => until(() => ingress.heard.facts.length > 0);

  /** A first that is running at one gateway, and a second gateway. */
  async function first(run: Run, settings: { one?: Settings; other?: Settings; asked?: Asked } = {}) {
    const begun = step();
    const gate = step();
    const heldBack: Run = async (sink, context, request) => {
      begun.take();
      await gate.done;
      return run(sink, context, request);
    };
    const [one, other] = await Promise.all([
      gateway(heldBack, settings.one),
      gateway(answering(['data: other\n\n']), settings.other),
    ]);
    const reply = one.send(named(settings.asked ?? STREAMING.messages));
    await begun.done;
    return { one, other, reply, release: () => gate.take() };
  }

  it('wait for its end and get its answer', async () => {
    const { other, reply, release } = await first(answering(['data: one\n\n']));
    const asked = store.asked;
    const repeat = other.send(named(STREAMING.messages));
    await until(() => store.asked >= asked + 2);
    release();
    const [told, again] = await Promise.all([reply, repeat]);
    expect([again.body.toString(), again.headers['request-id']]).toEqual(['data: one\n\n', told.headers['request-id']]);
    expect([other.heard.generated.length, other.heard.held.length]).toEqual([0, 0]);
  });

  it('are kept company while they wait, and get every byte of the answer after it', async () => {
    const { other, release } = await first(answering(['data: one\n\n']), { other: { timings: QUICK } });
    const repeat = await open(other.address, named(STREAMING.messages));
    expect(repeat.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8' });
    release();
    const { body, whole } = await read(repeat);
    expect(whole).toBe(true);
    const ping = 'event: ping\ndata: {"type": "ping"}\n\n';
    expect(body.toString().replaceAll(ping, '')).toBe(': idempotent-replayed: true\n\ndata: one\n\n');
    expect(body.toString()).toContain(ping);
  });

  it('run in a stream whose head is out already, when the first has failed', async () => {
    const failing = async () => failed({ kind: 'upstream-timeout', message: 'slow' });
    const { one, other, reply, release } = await first(failing, { other: { timings: QUICK } });
    const repeat = await open(other.address, named(STREAMING.messages));
    release();
    const { body, whole } = await read(repeat);
    expect([repeat.statusCode, whole]).toEqual([200, true]);
    expect(body.toString()).toMatch(/^(event: ping\n.*\n\n)+data: other\n\n$/);
    expect(repeat.headers).not.toHaveProperty('idempotent-replayed');
    await settled(other);
    expect([(await reply).status, endings(one), endings(other)]).toEqual([504, ['failed'], ['complete']]);
    expect(repeat.headers['request-id']).toBe(other.heard.facts[0]?.requestId);
  });

  it('may leave, and the first runs on', async () => {
    const { other, reply, release } = await first(answering(['data: one\n\n']), { other: { timings: QUICK } });
    const lost = nextConnectionLost();
    (await open(other.address, named(STREAMING.messages))).destroy();
    await lost;
    release();
    expect(await reply).toMatchObject({ status: 200, whole: true });
    expect([other.heard.generated.length, other.heard.facts.length]).toEqual([0, 0]);
  });

  it('are told a failure of their own in their dialect, when their head is out', async () => {
    const failing = async () => failed({ kind: 'upstream-timeout', message: 'slow' });
    const { one, release } = await first(failing);
    const other = await runIngress(
      { routing: { plan: () => Promise.reject(new GatewayError('model-not-found', 'no such model')) } },
      { answerStore: store, timings: QUICK },
    );
    running.push(other);
    const repeat = await open(other.address, named(STREAMING.messages));
    release();
    const { body, whole } = await read(repeat);
    expect([repeat.statusCode, whole]).toEqual([200, false]);
    expect(body.toString()).toMatch(/event: error\ndata: .*not_found_error.*no such model/);
    expect(endings(one)).toEqual(['failed']);
  });

  it('run it when the lease of the first has run out; of the two the one that is kept is charged', async () => {
    const { one, other, reply, release } = await first(answering(['data: one\n\n']));
    const real = store.now;
    store.now = () => real() + 60_000;
    const repeat = await other.send(named(STREAMING.messages));
    expect(repeat.body.toString()).toBe('data: other\n\n');
    release();
    expect((await reply).body.toString()).toBe('data: one\n\n');
    await Promise.all([settled(one), settled(other)]);
    expect([endings(one), endings(other)]).toEqual([['failed'], ['complete']]);
    expect(one.heard.facts[0]?.outcome.failure).toEqual({ kind: 'unavailable' });
    const later = await one.send(named(STREAMING.messages));
    expect(later.body.toString()).toBe('data: other\n\n');
  });

  it('end a first that learns of it in time', async () => {
    const aborted: Run = async (sink, { signal }) => {
      await sink.head(head);
      await sink.data(Buffer.from('data: one\n\n'));
      await whenAborted(signal);
      return { ...complete, ending: 'cancelled' };
    };
    const { one, other, reply, release } = await first(aborted, { one: { timings: { answerLeaseMs: 60 } } });
    release();
    store.rows.clear();
    expect((await other.send(named(STREAMING.messages))).body.toString()).toBe('data: other\n\n');
    expect(await reply).toMatchObject({ whole: false });
    await settled(one);
    expect([endings(one), endings(other)]).toEqual([['truncated'], ['complete']]);
  });

  it('are not served by a lease that is renewed', async () => {
    const { other, reply, release } = await first(answering(['data: one\n\n']), {
      one: { timings: { answerLeaseMs: 900 } },
    });
    let renewals = 0;
    const renew = store.renew.bind(store);
    store.renew = (claims, leaseMs) => {
      renewals += 1;
      return renew(claims, leaseMs);
    };
    const repeat = other.send(named(STREAMING.messages));
    await until(() => renewals > 3);
    release();
    expect([(await repeat).body.toString(), (await reply).body.toString()]).toEqual(['data: one\n\n', 'data: one\n\n']);
    expect(other.heard.generated).toHaveLength(0);
  });

  it('wait no longer than their own time', async () => {
    const { other, release } = await first(answering(['{}']), { other: { timings: { requestDeadlineMs: 100 } } });
    const repeat = await other.send(named(STREAMING.messages));
    expect([repeat.status, repeat.headers['retry-after']]).toEqual([529, '2']);
    release();
  });
});

describe('what is kept of an answer', () => {
  let ingress: IngressUnderTest;
  const store = new MemoryAnswerStore();
  afterEach(() => ingress.stop());
  const settled = () => until(() => ingress.heard.facts.length > 0);

  it('is nothing of one larger than the limit, which is given once and never run again', async () => {
    const large = Buffer.alloc(LIMITS.keptAnswerBytesMax / 16, 'a');
    ingress = await runIngress({ generate: answering([...Array.from({ length: 16 }, () => large), 'b']) });
    const asked = named(ASKING.chat);
    const reply = await ingress.send(asked);
    expect([reply.status, reply.body.length]).toEqual([200, LIMITS.keptAnswerBytesMax + 1]);
    const repeat = await ingress.send(asked);
    expect([repeat.status, repeat.headers['x-should-retry']]).toEqual([410, 'false']);
    expect(repeat.body.toString()).toContain(String(reply.headers['request-id']));
    expect(ingress.heard.generated).toHaveLength(1);
  });

  it('is nothing of a target that was given up', async () => {
    let run = 0;
    ingress = await runIngress(
      {
        generate: async (sink, context, request) => {
          run += 1;
          if (run === 2) return answering(['{"two":2}'])(sink, context, request);
          await sink.head({ ...head, headers: { 'x-vendor': 'one' } });
          await sink.data(Buffer.from('{"one":'));
          return failed({ kind: 'upstream-transient', message: 'down' });
        },
        routing: { plan: async () => ({ ...plan, targets: [target, target] }) },
      },
      { answerStore: store },
    );
    await ingress.send(named(ASKING.chat));
    const again = await ingress.send(named(ASKING.chat));
    expect([run, again.body.toString()]).toEqual([2, '{"two":2}']);
    expect(again.headers).not.toHaveProperty('x-vendor');
  });

  it('is there before the charge: a store that is away is asked until it is back', async () => {
    const away = new MemoryAnswerStore();
    ingress = await runIngress(
      {
        generate: async (sink, context, request) => {
          away.isAway = true;
          return answering(['{}'])(sink, context, request);
        },
      },
      { answerStore: away },
    );
    const reply = await ingress.send(named(ASKING.chat));
    expect([reply.status, ingress.heard.facts.length]).toEqual([200, 0]);
    away.isAway = false;
    await settled();
    expect([...away.rows.values()][0]?.answer).toMatchObject({ requestId: reply.headers['request-id'] });
    expect(ingress.heard.facts.map(({ outcome }) => outcome.ending)).toEqual(['complete']);
  });

  it('is nothing when the store stays away; the answer was given and costs nothing', async () => {
    const away = new MemoryAnswerStore();
    ingress = await runIngress(
      {
        generate: async (sink, context, request) => {
          away.isAway = true;
          return answering(['{}'])(sink, context, request);
        },
      },
      { answerStore: away, timings: { answerKeepMs: 1 } },
    );
    expect((await ingress.send(named(ASKING.chat))).status).toBe(200);
    await settled();
    expect(ingress.heard.facts.map(({ outcome }) => [outcome.ending, outcome.failure])).toEqual([
      ['failed', { kind: 'unavailable' }],
    ]);
    expect([...away.rows.values()].map(({ answer }) => answer)).toEqual([undefined]);
  });
});
