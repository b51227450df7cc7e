import { GatewayError } from '@bytespike/kernel';
import { inSpan, startTracing } from '@bytespike/telemetry';
import { jest } from '@jest/globals';
import { createInbox, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';

import type { Bus } from '../bus.js';
import { createBus } from '../create-bus.js';
import {
  aborted,
  contextOf,
  deferred,
  failureOf,
  handlers,
  HEAD,
  keepingSink,
  OUTCOME,
  probe,
  RUN,
} from '../testing/conformance/probe.js';
import { encodeFrame, FrameReader, RECORD, textRecord, type FrameRecord } from './frame.js';

const natsUrl = String(process.env['TEST_NATS_URL']);
interface Endpoint {
  readonly subject: string;
  readonly last_error: string;
}

/** What one can only see on the wire, with a bus on one side and a bare client on the other. */
describe('the wire', () => {
  let bus: Bus;
  let bare: NatsConnection;
  beforeEach(async () => {
    bus = await createBus({ name: 'bus', natsUrl });
    bare = await connect({ servers: new URL(natsUrl).host });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await bus.drain(500);
    await bare.drain();
  });

  /** A producer without a bus: answers the opening message of a stream with these frames. */
  const produce = async (frames: (opening: Msg) => readonly Uint8Array[]): Promise<void> => {
    bare.subscribe(probe.run.subject, {
      callback: (_error, opening) => frames(opening).forEach((frame) => opening.respond(frame)),
    });
    await bare.flush();
  };
  const head = textRecord(RECORD.head, JSON.stringify({ contentType: 'x', amount: '1' }));
  const data = (text: string): FrameRecord => textRecord(RECORD.data, text);
  const run = () => bus.client(probe).run(RUN, keepingSink(), contextOf());

  it('shows a gap in the frames as an error', async () => {
    await produce(() => [encodeFrame(0, [head, data('a')]), encodeFrame(2, [data('c')])]);
    await expect(run()).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'probe.v1.run lost frames: expected 1, got 2',
    });
  });

  it.each([
    { name: 'is not a frame', frame: Buffer.from('hey'), message: 'probe.v1.run sent a frame that cannot be read' },
    {
      name: 'holds what its contract does not allow',
      frame: encodeFrame(0, [textRecord(RECORD.head, '{"contentType":7,"amount":"1"}')]),
      message: 'the head of probe.v1.run does not match its contract: contentType invalid_type',
    },
    {
      name: 'holds more than the window',
      frame: encodeFrame(0, [head, { type: RECORD.data, pieces: [Buffer.alloc(300_000)] }]),
      message: 'probe.v1.run sent more than its window',
    },
  ])('ends a stream whose frame $name', async ({ frame, message }) => {
    await produce(() => [frame]);
    await expect(run()).rejects.toMatchObject({ kind: 'internal', message });
  });

  it.each([
    { name: 'never says a word', frames: [] },
    { name: 'stops in the middle', frames: [encodeFrame(0, [head, data('a')])] },
  ])('ends a stream whose producer $name, long before its deadline', async ({ frames }) => {
    await produce(() => frames);
    await expect(run()).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'probe.v1.run: the producer has gone silent',
    });
  });

  it('ends a stream whose caller has gone silent: the producer hears so, and its writes fail', async () => {
    const ended = deferred<unknown>();
    await bus.serve(
      probe,
      handlers({
        run: async (_request, sink, { signal }) => {
          await sink.head(HEAD);
          await aborted(signal);
          const write = await failureOf(() => sink.data(Buffer.from('x')));
          ended.resolve({ reason: signal.reason, write });
          return OUTCOME;
        },
      }),
    );
    const input = textRecord(RECORD.input, JSON.stringify({ about: 'x', amount: '1' }));
    const opening = encodeFrame(0, [input, { type: RECORD.requestEnd, pieces: [] }]);
    bare.publish(probe.run.subject, opening, { reply: createInbox() });
    expect(await ended.promise).toMatchObject({
      reason: { kind: 'unavailable', message: 'probe.v1.run: the caller has gone silent' },
      write: { kind: 'cancelled' },
    });
  });

  it('does not keep a stream whose body stops arriving', async () => {
    await bus.serve(probe, handlers({}));
    const piece: FrameRecord = { type: RECORD.body, pieces: [Buffer.alloc(1_000)] };
    const opening = encodeFrame(0, [textRecord(RECORD.input, '{}'), piece]);
    bare.publish(probe.run.subject, opening, { reply: createInbox() });
    const ended = async (): Promise<unknown> => {
      const { endpoints } = (await bare.request('$SRV.STATS.bus')).json() as { endpoints: readonly Endpoint[] };
      return endpoints.find(({ subject }) => subject === probe.run.subject)?.last_error;
    };
    while ((await ended()) !== '503:unavailable') await new Promise(setImmediate);
  });

  it('joins small frames of one turn into one message, and a short answer into one altogether', async () => {
    let inbox: string | undefined;
    const messages: number[][] = [];
    bare.subscribe(probe.run.subject, { callback: (_error, opening) => void (inbox = opening.reply) });
    bare.subscribe('_INBOX.>', {
      callback: (_error, message) => {
        // Others ask and are answered on the same server, some of them with nothing at all.
        if (message.subject !== inbox) return;
        const types: number[] = [];
        if (Buffer.from(message.data).readUInt32BE(0) !== 0) return;
        new FrameReader('x').read(message.data, (type) => types.push(type));
        messages.push(types);
      },
    });
    await bare.flush();
    const server = await createBus({ name: 'other', natsUrl });
    await server.serve(
      probe,
      handlers({
        run: async (_request, sink) => {
          await sink.head(HEAD);
          for (let n = 0; n < 100; n += 1) await sink.data(Buffer.from(`${n} `));
          return OUTCOME;
        },
      }),
    );
    const sink = keepingSink();
    await bus.client(probe).run(RUN, sink, contextOf());
    expect(sink.text()).toBe(Array.from({ length: 100 }, (_, n) => `${n} `).join(''));
    await bare.flush();
    expect(messages).toEqual([[RECORD.address, RECORD.head, RECORD.data, RECORD.outcome]]);
    await server.drain();
  });

  it('sends who calls, for how long and in which trace, and of an error only its four parts', async () => {
    const stop = startTracing({ serviceName: 'wire', endpoint: undefined, sampleRatio: 0 });
    const seen = deferred<Msg>();
    bare.subscribe(probe.ask.subject, { callback: (_error, message) => seen.resolve(message) });
    await bare.flush();
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    const call = inSpan('request', {}, () => bus.client(probe).ask({ about: 'x' }, contextOf({ withinMs: 200 })));
    await expect(call).rejects.toMatchObject({ kind: 'unavailable' });
    await stop();
    const message = await seen.promise;
    expect(message.json()).toEqual({ about: 'x' });
    const [timeoutMs, traceparent, requestId] = message.headers?.get('Gw-Call').split(' ') ?? [];
    expect(requestId).toBe('req-1');
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
    expect(timeoutMs).toBe('200');
  });

  it('answers plain JSON with plain JSON, and an error with nothing but its four parts', async () => {
    const refusal = new GatewayError('conflict', 'again', { cause: new Error('secret'), retryAfterMs: 5 });
    await bus.serve(
      probe,
      handlers({ ask: ({ about }) => (about === 'x' ? Promise.reject(refusal) : Promise.resolve({ answer: about })) }),
    );
    const ask = (about: unknown) => bare.request(probe.ask.subject, JSON.stringify({ about }), { timeout: 20_000 });
    expect((await ask('y')).json()).toEqual({ answer: 'y' });
    const refused = await ask('x');
    expect(refused.json()).toEqual({ kind: 'conflict', message: 'again', retryAfterMs: 5 });
    expect(refused.headers?.get('Nats-Service-Error-Code')).toBe('409');
    expect((await ask(7)).json()).toEqual({
      kind: 'invalid-request',
      message: 'the input of probe.v1.ask does not match its contract: about invalid_type',
    });
  });

  it('shares the calls among replicas', async () => {
    const other = await createBus({ name: 'bus', natsUrl });
    const counts = { bus: 0, other: 0 };
    const counting = (who: keyof typeof counts) =>
      handlers({
        ask: async () => {
          counts[who] += 1;
          return { answer: who };
        },
      });
    await bus.serve(probe, counting('bus'));
    await other.serve(probe, counting('other'));
    const caller = await createBus({ name: 'caller', natsUrl });
    await Promise.all(Array.from({ length: 200 }, () => caller.client(probe).ask({ about: '' }, contextOf())));
    expect(counts.bus + counts.other).toBe(200);
    expect(Math.min(counts.bus, counts.other)).toBeGreaterThan(20);
    await Promise.all([other.drain(), caller.drain()]);
  });

  it('is listed by NATS’s own service protocol, with how each subject is doing', async () => {
    const refusal = new GatewayError('conflict', 'again');
    await bus.serve(probe, handlers({ ask: () => Promise.reject(refusal) }));
    await expect(
      bare.request(probe.ask.subject, '{"about":"x"}', { timeout: 20_000 }).then((reply) => reply.json()),
    ).resolves.toMatchObject({ kind: 'conflict' });
    const ask = async (subject: string) => (await bare.request(subject, '', { timeout: 20_000 })).json();
    const pong = (await ask('$SRV.PING.bus')) as { id: string };
    expect(pong).toMatchObject({ type: 'io.nats.micro.v1.ping_response', name: 'bus', version: '1.0.0' });
    expect(await ask(`$SRV.INFO.bus.${pong.id}`)).toMatchObject({
      type: 'io.nats.micro.v1.info_response',
      endpoints: [
        { name: 'probe-v1-echo', subject: 'probe.v1.echo', queue_group: 'replicas' },
        { subject: 'probe.v1.ask' },
        { subject: 'probe.v1.hasty' },
        { subject: 'probe.v1.run' },
      ],
    });
    expect(await ask(`$SRV.STATS.bus.${pong.id}`)).toMatchObject({
      type: 'io.nats.micro.v1.stats_response',
      endpoints: [
        { num_requests: 0 },
        { num_requests: 1, num_errors: 1, last_error: '409:conflict' },
        { num_requests: 0 },
        { num_requests: 0, average_processing_time: 0 },
      ],
    });
  });
});
