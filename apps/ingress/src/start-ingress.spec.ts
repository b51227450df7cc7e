import { jest } from '@jest/globals';

import { open, read, send } from './testing/http-client.js';
import { ASKING, runIngress, STREAMING } from './testing/run-ingress.js';
import { complete, head } from './testing/samples.js';
import { step, until, whenAborted } from './testing/steps.js';

/** Only the timers of the process under test stand still: its sockets and its clock go on. */
const REAL = ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const;

/** How a new connection is met: the status it gets, or why it gets none. */
const knock = (address: string): Promise<number | string | undefined> =>
  send(address, { path: '/v1/models' }).then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code,
  );

describe('going down', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is not ready at once, serves on for its grace, lets streams finish, then takes no more', async () => {
    const next = step();
    const ingress = await runIngress(
      {
        generate: async (sink, _context, { input }) => {
          await sink.head(head);
          await sink.data(Buffer.from('data: 1\n\n'));
          if ((input as { stream: boolean }).stream) await next.done;
          await sink.data(Buffer.from('data: 2\n\n'));
          return complete;
        },
      },
      { drainGraceMs: 150 },
    );
    const running = await open(ingress.address, STREAMING.chat);
    jest.useFakeTimers({ doNotFake: [...REAL] });
    const drained = ingress.running.drain(5_000);
    expect(ingress.running.ready()).toBe(false);
    jest.advanceTimersByTime(149);
    const during = await send(ingress.address, ASKING.chat);
    expect(during.status).toBe(200);
    expect(during.headers.connection).toBe('close');
    jest.advanceTimersByTime(1);
    jest.useRealTimers();
    while ((await knock(ingress.address)) !== 'ECONNREFUSED') await new Promise(setImmediate);
    next.take();
    const finished = await read(running);
    expect(finished).toMatchObject({ whole: true });
    expect(finished.body.toString()).toBe('data: 1\n\ndata: 2\n\n');
    await drained;
    expect(ingress.heard.facts.map(({ outcome }) => outcome.ending)).toEqual(['complete', 'complete']);
  });

  it('ends what outlasts the limit with an error, uncharged, and flushes the fact', async () => {
    const ingress = await runIngress({
      generate: async (sink, { signal }) => {
        await sink.head(head);
        await sink.data(Buffer.from('data: 1\n\n'));
        await whenAborted(signal);
        return { ...complete, ending: 'cancelled' };
      },
    });
    const running = await open(ingress.address, STREAMING.chat);
    const [reply] = await Promise.all([read(running), ingress.running.drain(50)]);
    expect(reply.whole).toBe(false);
    expect(reply.body.toString()).toMatch(/^data: 1\n\ndata: \{"error":\{.*"code":"unavailable"/);
    await until(() => ingress.heard.facts.length === 1);
    expect(ingress.heard.facts[0]?.outcome).toMatchObject({ ending: 'truncated', failure: { kind: 'unavailable' } });
  });

  it('refuses with 503 what had not begun', async () => {
    const ingress = await runIngress({
      generate: async (_sink, { signal }) => {
        await whenAborted(signal);
        return { ...complete, ending: 'cancelled', contentStarted: false };
      },
    });
    const asked = send(ingress.address, ASKING.chat);
    await until(() => ingress.heard.generated.length === 1);
    await ingress.running.drain(0);
    expect((await asked).status).toBe(503);
  });
});
