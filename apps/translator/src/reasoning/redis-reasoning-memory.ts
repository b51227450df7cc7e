import { assert } from '@bytespike/kernel';
import type { Memory, Remembered } from '@bytespike/protocols';
import type { Logger } from '@bytespike/telemetry';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';

import { STATE_BYTES_MAX, type MemorySealer } from './memory-sealer.js';
import { ReasoningMemory } from './reasoning-memory.js';

/** A session that rests longer begins its next turn without earlier reasoning. Every use starts the time anew. */
const KEPT_SECONDS = 24 * 60 * 60;
/** Calls looked up for one request, the latest first: the longest agent sessions seen have some hundred. */
const CALLS_MAX = 1_000;
/** Redis answers within a millisecond or has a problem; a request does not wait for it to be solved. */
const ANSWER_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MS_MAX = 2_000;

export interface RedisReasoningMemoryParts {
  readonly url: string;
  readonly sealers: (accountId: string) => MemorySealer;
  readonly logger: Logger;
}

/** Reasoning in Redis, encrypted. It connects at the first use and again whenever it can; until then nothing waits. */
export class RedisReasoningMemory extends ReasoningMemory implements OnApplicationShutdown {
  readonly #redis: Redis;
  readonly #sealers: RedisReasoningMemoryParts['sealers'];
  #told = false;

  constructor({ url, sealers, logger }: RedisReasoningMemoryParts) {
    super();
    this.#sealers = sealers;
    this.#redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: ANSWER_TIMEOUT_MS,
      maxRetriesPerRequest: 0,
      enableReadyCheck: true,
      retryStrategy: (tries) => Math.min(tries * 100, RECONNECT_MS_MAX),
    });
    this.#redis.on('error', (error: Error) => {
      // One line for each outage; the connection is tried again without end.
      if (!this.#told) logger.warn({ error: error.message }, 'reasoning cannot be remembered');
      this.#told = true;
    });
    this.#redis.on('ready', () => {
      this.#told = false;
    });
  }

  async recall(accountId: string, callIds: readonly string[]): Promise<Remembered> {
    const sealer = this.#sealers(accountId);
    const wanted = callIds.slice(-CALLS_MAX).map((callId) => ({ callId, place: sealer.place(callId) }));
    // One command for all calls, of which there are hundreds, and one more for each that was remembered, which few are.
    const answers = await this.#ask(this.#redis.pipeline().mgetBuffer(wanted.map(({ place }) => place)));
    if (!answers) return 'unreachable';
    const [states] = answers;
    const found = new Map<string, string>();
    const used = this.#redis.pipeline();
    wanted.forEach(({ callId, place }, at) => {
      const sealed: unknown = Array.isArray(states) ? states[at] : undefined;
      const state = Buffer.isBuffer(sealed) ? opened(sealed, place, sealer) : undefined;
      if (state === undefined) return;
      found.set(callId, state);
      used.expire(place, KEPT_SECONDS);
    });
    if (found.size > 0) await this.#ask(used);
    return found;
  }

  async keep(accountId: string, memories: readonly Memory[]): Promise<'kept' | 'lost'> {
    const fitting = memories.filter(({ state }) => Buffer.byteLength(state) <= STATE_BYTES_MAX);
    const sealer = this.#sealers(accountId);
    const pipeline = this.#redis.pipeline();
    for (const { callId, state } of fitting) {
      const place = sealer.place(callId);
      pipeline.setex(place, KEPT_SECONDS, sealer.seal(state, place));
    }
    const answers = fitting.length === 0 ? [] : await this.#ask(pipeline);
    return answers && fitting.length === memories.length ? 'kept' : 'lost';
  }

  onApplicationShutdown(): void {
    this.#redis.disconnect();
  }

  /** The answers to all commands; undefined where one failed or nobody answered. During an outage nobody waits for one. */
  async #ask(pipeline: Pipeline): Promise<readonly unknown[] | undefined> {
    return OUTAGE.includes(this.#redis.status) ? undefined : answersOf(pipeline);
  }
}

/** What another release or another pepper has written is as good as nothing. */
function opened(sealed: Buffer, place: string, sealer: MemorySealer): string | undefined {
  try {
    return sealer.open(sealed, place);
  } catch (thrown) {
    assert(thrown instanceof Error, 'a seal is refused with an error');
    return undefined;
  }
}

type Pipeline = ReturnType<Redis['pipeline']>;

/** Between a broken connection and the next one that holds. */
const OUTAGE: readonly string[] = ['close', 'reconnecting', 'end'];

async function answersOf(pipeline: Pipeline): Promise<readonly unknown[] | undefined> {
  try {
    const answers = (await pipeline.exec()) ?? [];
    return answers.some(([error]) => error) ? undefined : answers.map(([, answer]) => answer);
  } catch (thrown) {
    assert(thrown instanceof Error, 'a command fails with an error');
    return undefined;
  }
}
