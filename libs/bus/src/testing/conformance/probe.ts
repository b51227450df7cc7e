import { NanoUsd, rpc, stream, topic, type CallContext, type HandlersFor } from '@bytespike/contracts';
import { z } from 'zod';

const Note = z.object({ text: z.string(), amount: NanoUsd });
const Question = z.object({ about: z.string() });
const Answer = z.object({ answer: z.string() });

/**
 * Contracts of no service: what the conformance suite asks of a bus. The limits of `hasty` and `run` are small, so that
 * they can be tested; the others are out of reach of a loaded machine.
 */
export const probe = {
  echo: rpc({ subject: 'probe.v1.echo', timeoutMs: 20_000, input: Note, output: Note }),
  ask: rpc({
    subject: 'probe.v1.ask',
    timeoutMs: 20_000,
    input: Question,
    output: Answer,
  }),
  hasty: rpc({ subject: 'probe.v1.hasty', timeoutMs: 300, input: Question, output: Answer }),
  run: stream({
    subject: 'probe.v1.run',
    idleTimeoutMs: 400,
    input: z.object({ about: z.string(), amount: NanoUsd }),
    head: z.object({ contentType: z.string(), amount: NanoUsd }),
    outcome: z.object({ ending: z.string(), amount: NanoUsd }),
  }),
};

const Fact = z.object({ id: z.string(), amount: NanoUsd });
const dedupeBy = ({ id }: z.output<typeof Fact>): string => id;

export const probeFacts = {
  done: topic({ subject: 'probe-facts.v1.work-done', delivery: 'queue', payload: Fact, dedupeBy }),
  told: topic({ subject: 'probe-facts.v1.news-told', delivery: 'broadcast', payload: Fact, dedupeBy }),
};

export type ProbeHandlers = HandlersFor<typeof probe>;

const unexpected = () => Promise.reject(new Error('this test expects no call here'));

export const handlers = (some: Partial<ProbeHandlers>): ProbeHandlers => ({
  echo: unexpected,
  ask: unexpected,
  hasty: unexpected,
  run: unexpected,
  ...some,
});

export interface ContextOptions {
  readonly withinMs?: number;
  readonly signal?: AbortSignal;
}

export const contextOf = ({ withinMs = 600_000, signal }: ContextOptions = {}): CallContext => ({
  requestId: 'req-1',
  deadline: Date.now() + withinMs,
  signal: signal ?? new AbortController().signal,
});

export const RUN = { input: { about: 'x', amount: 1n } };
export const HEAD = { contentType: 'text/plain', amount: 12_345_678_901_234_567n };
export const OUTCOME = { ending: 'complete', amount: 3n };

/** A sink that keeps everything. */
export function keepingSink() {
  const heads: unknown[] = [];
  const frames: Buffer[] = [];
  return {
    heads,
    head: (head: unknown): void => void heads.push(head),
    data: (bytes: Uint8Array): void => void frames.push(Buffer.from(bytes)),
    bytes: (): Buffer => Buffer.concat(frames),
    text: (): string => Buffer.concat(frames).toString(),
  };
}

/** Resolves when the condition holds; the test's own time limit bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** A promise and what settles it. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** What a call throws or rejects with, as a value. */
export async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}
