import type { Bus, BusLogger } from '../bus.js';
import { createBus } from '../create-bus.js';
import {
  aborted,
  contextOf,
  deferred,
  handlers,
  HEAD,
  OUTCOME,
  probe,
  probeFacts,
  RUN,
  until,
  failureOf,
} from '../testing/conformance/probe.js';
import { ownNatsServer, type OwnNatsServer } from '../testing/nats-server.js';

const program = String(process.env['TEST_NATS_SERVER_BIN']);

describe('when the NATS server dies', () => {
  let nats: OwnNatsServer;
  let server: Bus;
  let client: Bus;
  let guests: Bus[] = [];
  const guest = async (logger?: BusLogger): Promise<Bus> => {
    const bus = await createBus({ name: 'guest', natsUrl: nats.url, logger });
    guests.push(bus);
    return bus;
  };
  beforeEach(async () => {
    nats = await ownNatsServer(program);
    await nats.start();
    server = await createBus({ name: 'server', natsUrl: nats.url });
    client = await createBus({ name: 'client', natsUrl: nats.url });
  });
  afterEach(async () => {
    await Promise.all([server, client, ...guests].map((bus) => bus.drain(500)));
    guests = [];
    await nats.remove();
  });
  const connected = (): Promise<void> => until(() => server.connected() && client.connected());
  const note = { text: 'x', amount: 1n };

  it('is told once, and who leaves by itself tells of no break', async () => {
    const said: string[] = [];
    const say = (_: object, line: string): void => void said.push(line);
    const logger = { info: say, warn: say, error: say };
    const leaving = await guest(logger);
    await leaving.drain(500);
    expect(said).toEqual([]);
    const staying = await guest(logger);
    await nats.kill();
    await until(() => !staying.connected());
    await staying.drain(500);
    expect(said).toEqual(['the connection to NATS broke']);
  });

  it('what is under way ends with an error on both sides, new calls fail at once, and all is well after its return', async () => {
    const streaming = deferred();
    const ended = deferred<unknown>();
    await server.serve(
      probe,
      handlers({
        echo: async (input) => input,
        ask: async (_input, { signal }) => {
          await aborted(signal);
          return { answer: 'never' };
        },
        run: async (_request, sink, { signal }) => {
          await sink.head(HEAD);
          await sink.data(Buffer.from('first'));
          await aborted(signal);
          ended.resolve(await failureOf(() => sink.data(Buffer.from('second'))));
          return OUTCOME;
        },
      }),
    );
    const { echo, run } = client.client(probe);
    const stream = run(RUN, { head: () => undefined, data: () => streaming.resolve() }, contextOf());
    await streaming.promise;
    // Neither a deadline nor a silence says this: only the break itself does.
    const broken = { kind: 'unavailable', message: 'the connection to NATS broke' };
    await Promise.all([expect(stream).rejects.toMatchObject(broken), nats.kill()]);
    expect(await ended.promise).toMatchObject({ kind: 'cancelled' });
    await expect(echo(note, contextOf())).rejects.toMatchObject({ kind: 'unavailable' });
    await nats.start();
    await connected();
    // NATS may hear a question of the one connection before the returning subscriptions of the other.
    while (await failureOf(() => echo(note, contextOf()))) await new Promise(setImmediate);
    expect(await echo(note, contextOf())).toEqual(note);
    const again = deferred();
    const caller = new AbortController();
    const context = contextOf({ signal: caller.signal });
    const second = run(RUN, { head: () => undefined, data: () => again.resolve() }, context);
    await again.promise;
    caller.abort();
    expect(await second).toEqual(OUTCOME);
  });

  it('facts stated before and after are all heard, by queues and by news readers', async () => {
    const done: string[] = [];
    const told: string[] = [];
    await server.subscribe(probeFacts.done, { mode: 'queue', name: 'probe' }, async (facts) => {
      done.push(...facts.map(({ id }) => id));
    });
    await server.subscribe(probeFacts.told, { mode: 'broadcast' }, async (facts) => {
      told.push(...facts.map(({ id }) => id));
    });
    await client.publish(probeFacts.done, { id: 'before', amount: 1n });
    await client.publish(probeFacts.told, { id: 'before', amount: 1n });
    await until(() => done.length === 1 && told.length === 1);
    await nats.kill();
    await until(() => !server.connected() && !client.connected());
    await nats.start();
    await connected();
    await client.publish(probeFacts.done, { id: 'after', amount: 1n });
    await client.publish(probeFacts.told, { id: 'after', amount: 1n });
    await until(() => done.includes('after') && told.includes('after'));
    expect(told).toEqual(['before', 'after']);
    // A queue delivers at least once: the acknowledgement of the first may have died with the server.
    expect(new Set(done)).toEqual(new Set(['before', 'after']));
  });

  it('a fact that cannot be stored is refused, not lost in silence', async () => {
    await nats.kill();
    await until(() => !client.connected());
    const stating = client.publish(probeFacts.done, { id: 'nowhere', amount: 1n });
    await expect(stating).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('draining fails for nobody who has not heard of it yet', async () => {
    const leaving = await Promise.all([1, 2, 3].map(() => guest()));
    await nats.kill();
    await Promise.all(leaving.map((bus) => bus.drain(500)));
  });

  it('draining does not wait for it', async () => {
    await server.serve(probe, handlers({ echo: async (input) => input }));
    await nats.kill();
    await until(() => !server.connected() && !client.connected());
    // The limit is out of reach, so a drain that waited for the server would outlast the test.
    await Promise.all([server.drain(600_000), client.drain(600_000)]);
  });
});

describe('without a NATS server', () => {
  it('a bus says so in one line', async () => {
    const nats = await ownNatsServer(program);
    await expect(createBus({ name: 'bus', natsUrl: nats.url })).rejects.toThrow(
      `cannot connect to NATS at ${new URL(nats.url).host}: connection refused`,
    );
    await nats.remove();
  });
});

describe('a NATS server without JetStream', () => {
  let nats: OwnNatsServer;
  beforeEach(async () => {
    nats = await ownNatsServer(program, { hasJetStream: false });
    await nats.start();
  });
  afterEach(() => nats.remove());

  it('is refused in one line, and the connection that is closed for it is not called broken', async () => {
    const said: string[] = [];
    const say = (_: object, line: string): void => void said.push(line);
    const failure = createBus({ name: 'guest', natsUrl: nats.url, logger: { info: say, warn: say, error: say } });
    await expect(failure).rejects.toThrow(/^NATS at .* has no JetStream: start it with -js$/);
    await new Promise(setImmediate);
    expect(said).toEqual([]);
  });
});
