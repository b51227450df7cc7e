import { topic } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { z } from 'zod';

import type { Bus } from '../bus.js';
import { createBus } from '../create-bus.js';
import { until } from '../testing/conformance/probe.js';
import { ensureStream, PARKED_STREAM, streamName } from './fact-streams.js';

const natsUrl = String(process.env['TEST_NATS_URL']);
const payload = z.object({ id: z.string() });
const dedupeBy = ({ id }: { id: string }): string => id;
let topics = 0;

/** A topic nobody has stated anything about. */
const freshTopic = (delivery: 'queue' | 'broadcast') => {
  topics += 1;
  return topic({ subject: `probe-facts.v1.seen-${process.pid}-${topics}`, delivery, payload, dedupeBy });
};

describe('facts on JetStream', () => {
  let bus: Bus;
  let other: Bus;
  let bare: NatsConnection;
  beforeEach(async () => {
    bus = await createBus({ name: 'bus', natsUrl });
    other = await createBus({ name: 'other', natsUrl });
    bare = await connect({ servers: new URL(natsUrl).host });
  });
  afterEach(async () => {
    await Promise.all([bus.drain(500), other.drain(500), bare.drain()]);
  });
  const kept = async (subject: string): Promise<readonly string[]> => {
    const stream = await jetstream(bare).streams.get(PARKED_STREAM);
    const { state } = await stream.info(false, { subjects_filter: `parked.${subject}` });
    return Object.keys(state.subjects ?? {});
  };
  const messagesOf = async (name: string): Promise<number> => {
    const manager = await jetstreamManager(bare);
    return (await manager.streams.info(name)).state.messages;
  };

  it('of a queue come again after a failure, and are gone when they have been handled', async () => {
    const seen = freshTopic('queue');
    let tries = 0;
    await bus.subscribe(seen, { mode: 'queue', name: 'probe', retryDelayMs: 10 }, async () => {
      tries += 1;
      if (tries < 3) throw new GatewayError('unavailable', 'the store is away');
    });
    await other.publish(seen, { id: 'a' });
    await until(() => tries === 3);
    const manager = await jetstreamManager(bare);
    let left = 1;
    while (left > 0) left = (await manager.streams.info(streamName(seen))).state.messages;
    expect(tries).toBe(3);
  });

  it('say which stream has no room where the disk of NATS is too small for all of them', async () => {
    const settings = {
      name: `probe-facts-${process.pid}`,
      subjects: [`probe-room-${process.pid}`],
      max_bytes: 2 ** 50,
    };
    await expect(ensureStream(await jetstreamManager(bare), settings)).rejects.toThrow(
      `NATS has no room for the stream ${settings.name}, which may take 1073741824 MiB of its disk`,
    );
  });

  it('of a queue come in batches, and one bad fact does not hold up the others', async () => {
    const seen = freshTopic('queue');
    for (let n = 0; n < 50; n += 1) await other.publish(seen, { id: n === 25 ? 'bad' : `${n}` });
    const handled: string[] = [];
    const sizes: number[] = [];
    const options = { mode: 'queue', name: 'probe', retryDelayMs: 10, deliveriesMax: 2, batchMax: 20 } as const;
    await bus.subscribe(seen, options, async (facts) => {
      sizes.push(facts.length);
      if (facts.some(({ id }) => id === 'bad')) throw new Error('a bug');
      handled.push(...facts.map(({ id }) => id));
    });
    await until(() => handled.length === 49);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
    // After its last try the bad one is kept elsewhere, and its own stream is empty.
    while ((await messagesOf(streamName(seen))) > 0) await new Promise(setImmediate);
    expect(await kept(seen.subject)).toEqual([`parked.${seen.subject}`]);
  });

  it('of a queue wait for company where the last had some', async () => {
    const seen = freshTopic('queue');
    const batches: string[][] = [];
    const options = { mode: 'queue', name: 'probe', lingerMs: 1_000 } as const;
    await bus.subscribe(seen, options, async (facts) => {
      batches.push(facts.map(({ id }) => id));
    });
    await Promise.all(['a', 'b'].map((id) => other.publish(seen, { id })));
    await until(() => batches.length === 1);
    await other.publish(seen, { id: 'c' });
    await other.publish(seen, { id: 'd' });
    await until(() => batches.length === 2);
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('of a queue that come one by one wait for nothing', async () => {
    const seen = freshTopic('queue');
    const handled: string[] = [];
    await bus.subscribe(seen, { mode: 'queue', name: 'probe', lingerMs: 600_000 }, async (facts) => {
      handled.push(...facts.map(({ id }) => id));
    });
    for (const id of ['a', 'b', 'c']) {
      await other.publish(seen, { id });
      await until(() => handled.at(-1) === id);
    }
    expect(handled).toEqual(['a', 'b', 'c']);
  });

  it('of a queue that wait for company are given back at once by who stops', async () => {
    const seen = freshTopic('queue');
    const handled: string[] = [];
    const hear = async (facts: readonly { readonly id: string }[]): Promise<void> =>
      void handled.push(...facts.map(({ id }) => id));
    const waiting = await bus.subscribe(seen, { mode: 'queue', name: 'probe', lingerMs: 600_000 }, hear);
    await Promise.all(['a', 'b'].map((id) => other.publish(seen, { id })));
    await until(() => handled.length === 2);
    await other.publish(seen, { id: 'c' });
    const { consumers } = await jetstreamManager(bare);
    const isWithOneAlone = async (): Promise<boolean> => {
      const { delivered, num_ack_pending } = await consumers.info(streamName(seen), 'probe');
      return delivered.stream_seq === 2 && num_ack_pending === 1;
    };
    while (!(await isWithOneAlone())) await new Promise(setImmediate);
    await waiting.stop();
    expect(handled).toEqual(['a', 'b']);
    await other.subscribe(seen, { mode: 'queue', name: 'probe' }, hear);
    await until(() => handled.length > 2);
    expect(handled).toEqual(['a', 'b', 'c']);
  });

  it('of a queue that are stated together share a message, and a bad one is parked alone', async () => {
    const seen = freshTopic('queue');
    await Promise.all(['a', 'bad', 'b'].map((id) => other.publish(seen, { id })));
    expect(await messagesOf(streamName(seen))).toBe(1);
    const handled: string[] = [];
    const options = { mode: 'queue', name: 'probe', retryDelayMs: 10, deliveriesMax: 1 } as const;
    await bus.subscribe(seen, options, async (facts) => {
      if (facts.some(({ id }) => id === 'bad')) throw new Error('a bug');
      handled.push(...facts.map(({ id }) => id));
    });
    await until(() => handled.length === 2);
    while ((await messagesOf(streamName(seen))) > 0) await new Promise(setImmediate);
    expect(handled).toEqual(['a', 'b']);
    expect(await kept(seen.subject)).toEqual([`parked.${seen.subject}`]);
    const parked = await jetstream(bare).streams.get(PARKED_STREAM);
    const copy = await parked.getMessage({ last_by_subj: `parked.${seen.subject}` });
    expect(copy?.json()).toEqual({ id: 'bad' });
  });

  it('that were stated are stored before the bus is drained', async () => {
    const seen = freshTopic('queue');
    const leaving = await createBus({ name: 'leaving', natsUrl });
    const stated = leaving.publish(seen, { id: 'last' });
    await leaving.drain(1_000);
    await stated;
    expect(await messagesOf(streamName(seen))).toBe(1);
  });

  it('that do not match their contract are parked at once', async () => {
    const seen = freshTopic('queue');
    const handled: unknown[] = [];
    await bus.subscribe(seen, { mode: 'queue', name: 'probe' }, async (facts) => void handled.push(...facts));
    await jetstream(bare).publish(seen.subject, '{"id":7}');
    await other.publish(seen, { id: 'good' });
    await until(() => handled.length === 1);
    while ((await messagesOf(streamName(seen))) > 0) await new Promise(setImmediate);
    expect(handled).toEqual([{ id: 'good' }]);
    expect(await kept(seen.subject)).toEqual([`parked.${seen.subject}`]);
  });

  it('of a queue wait for a group that has not begun yet', async () => {
    const seen = freshTopic('queue');
    await other.publish(seen, { id: 'early' });
    const heard: unknown[] = [];
    await bus.subscribe(seen, { mode: 'queue', name: 'probe' }, async (facts) => void heard.push(...facts));
    await until(() => heard.length === 1);
    expect(heard).toEqual([{ id: 'early' }]);
  });

  it('of a broadcast come to every instance, in order, from the moment it listens', async () => {
    const seen = freshTopic('broadcast');
    await other.publish(seen, { id: 'before' });
    const heard: Record<'bus' | 'other', string[]> = { bus: [], other: [] };
    for (const [name, one] of Object.entries({ bus, other }) as ['bus' | 'other', Bus][])
      await one.subscribe(seen, { mode: 'broadcast' }, async (facts) => {
        heard[name].push(...facts.map(({ id }) => id));
      });
    const ids = Array.from({ length: 20 }, (_, n) => `${n}`);
    for (const id of ids) await other.publish(seen, { id });
    await until(() => heard.bus.length >= 20 && heard.other.length >= 20);
    expect(heard).toEqual({ bus: ids, other: ids });
  });

  it('are heard only the way their contract says', async () => {
    const seen = freshTopic('broadcast');
    const subscribing = bus.subscribe(seen, { mode: 'queue', name: 'probe' }, async () => undefined);
    await expect(subscribing).rejects.toThrow(
      `'${seen.subject}' is delivered by broadcast: subscribe with mode 'broadcast', or change its contract`,
    );
  });

  it('are heard again from a stream that was lost and made anew', async () => {
    const seen = freshTopic('broadcast');
    const heard: string[] = [];
    await bus.subscribe(seen, { mode: 'broadcast' }, async (facts) => {
      heard.push(...facts.map(({ id }) => id));
    });
    for (const id of ['a', 'b', 'c']) await other.publish(seen, { id });
    await until(() => heard.length === 3);
    await (await jetstreamManager(bare)).streams.delete(streamName(seen));
    await other.publish(seen, { id: 'd' });
    await until(() => heard.length === 4);
    expect(heard).toEqual(['a', 'b', 'c', 'd']);
  });
});
