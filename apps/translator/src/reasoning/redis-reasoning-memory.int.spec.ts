import { createServer, type Server, type Socket } from 'node:net';

import { createLogger } from '@bytespike/telemetry';
import { Redis } from 'ioredis';

import { createMemorySealers, STATE_BYTES_MAX } from './memory-sealer.js';
import { RedisReasoningMemory } from './redis-reasoning-memory.js';

const url = process.env['TEST_REDIS_URL'] ?? '';
const logger = createLogger({ service: 'translator', level: 'silent' });
const open: { onApplicationShutdown(): void }[] = [];

function memoryAt(address: string, pepper = 'a pepper of sixteen letters'): RedisReasoningMemory {
  const memory = new RedisReasoningMemory({ url: address, sealers: createMemorySealers(pepper), logger });
  open.push(memory);
  return memory;
}

const state = (text: string): string => JSON.stringify({ reasoning: [{ segments: [text] }] });

describe('remembered reasoning', () => {
  const redis = new Redis(url, { lazyConnect: true });
  let silent: Server;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    await redis.connect();
    silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    for (const memory of open) memory.onApplicationShutdown();
    redis.disconnect();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('comes back to the account that had it, call by call', async () => {
    const memory = memoryAt(url);
    expect(
      await memory.keep('a', [
        { callId: 'c1', state: state('one') },
        { callId: 'c2', state: state('two') },
      ]),
    ).toBe('kept');
    expect(await memory.recall('a', ['c1', 'c3', 'c2'])).toEqual(
      new Map([
        ['c1', state('one')],
        ['c2', state('two')],
      ]),
    );
    expect(await memory.recall('b', ['c1'])).toEqual(new Map());
  });

  it('tells whoever reads the store neither ids nor thoughts, and lapses', async () => {
    await memoryAt(url).keep('secretive', [{ callId: 'call_known', state: state('a thought of mine') }]);
    const keys = await redis.keys('reasoning:*');
    expect(keys.join()).not.toMatch(/call_known|secretive/);
    const values = await Promise.all(keys.map((key) => redis.getBuffer(key)));
    expect(Buffer.concat(values.map((value) => value ?? Buffer.alloc(0))).includes('a thought of mine')).toBe(false);
    for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(0);
  });

  it('is nothing to another platform, and nothing when it was written over', async () => {
    await memoryAt(url).keep('a', [{ callId: 'c9', state: state('nine') }]);
    expect(await memoryAt(url, 'another pepper, as long').recall('a', ['c9'])).toEqual(new Map());
    const place = createMemorySealers('a pepper of sixteen letters')('a').place('c9');
    await redis.set(place, 'garbage');
    expect(await memoryAt(url).recall('a', ['c9'])).toEqual(new Map());
  });

  it('has a limit', async () => {
    const memory = memoryAt(url);
    const long = { callId: 'long', state: 'x'.repeat(STATE_BYTES_MAX + 1) };
    expect(await memory.keep('a', [long, { callId: 'short', state: state('s') }])).toBe('lost');
    expect(await memory.recall('a', ['long', 'short'])).toEqual(new Map([['short', state('s')]]));
  });

  it.each(['nobody listens', 'nobody answers'])('is a loss and no failure where %s', async (where) => {
    const { port } = silent.address() as { port: number };
    const memory = memoryAt(`redis://127.0.0.1:${where === 'nobody listens' ? 1 : port}`);
    expect(await memory.recall('a', ['c1'])).toBe('unreachable');
    expect(await memory.keep('a', [{ callId: 'c1', state: state('one') }])).toBe('lost');
  });
});
