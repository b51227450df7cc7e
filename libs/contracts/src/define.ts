import type { z } from 'zod';

/**
 * The only vocabulary for messages between services. A message is declared once, and both sides are
 * typed from that one value. Subjects are `<owner>.v<major>.<verb>`; topics `<owner>.v<major>.<fact-in-past-tense>`.
 */

/** A question with one answer or one `GatewayError`. */
export interface RpcContract<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly kind: 'rpc';
  readonly subject: string;
  readonly timeoutMs: number;
  readonly input: Input;
  readonly output: Output;
}

/**
 * A question answered by a head, byte frames and an outcome. The request may carry a large body.
 * `idleTimeoutMs` bounds the silence of a peer that has stopped heart-beating, not of a slow vendor.
 */
export interface StreamContract<
  Input extends z.ZodType = z.ZodType,
  Head extends z.ZodType = z.ZodType,
  Outcome extends z.ZodType = z.ZodType,
> {
  readonly kind: 'stream';
  readonly subject: string;
  readonly idleTimeoutMs: number;
  readonly input: Input;
  readonly head: Head;
  readonly outcome: Outcome;
}

/**
 * A fact: JetStream, at least once. `dedupeBy` names the fact, so that a repeat is recognised. `delivery` says who
 * hears it and so how long it is kept: `queue`, by the one group that must act on it, kept until it has; `broadcast`,
 * by every instance that listens now, kept an hour for those that are reconnecting.
 */
export interface TopicContract<Payload extends z.ZodType = z.ZodType> {
  readonly kind: 'topic';
  readonly subject: string;
  readonly delivery: 'queue' | 'broadcast';
  readonly payload: Payload;
  readonly dedupeBy: (payload: z.output<Payload>) => string;
}

export type Contract = RpcContract | StreamContract | TopicContract;
export type ContractGroup = Readonly<Record<string, Contract>>;

/** Declares a call with an answer, or a `GatewayError`. */
export const rpc = <I extends z.ZodType, O extends z.ZodType>(
  contract: Omit<RpcContract<I, O>, 'kind'>,
): RpcContract<I, O> => ({ kind: 'rpc', ...contract });

/** Declares a call whose answer is a head, bytes as they come, and an outcome. */
export const stream = <I extends z.ZodType, H extends z.ZodType, O extends z.ZodType>(
  contract: Omit<StreamContract<I, H, O>, 'kind'>,
): StreamContract<I, H, O> => ({ kind: 'stream', ...contract });

/** Declares a fact, which is kept until it was handled and may come more than once. */
export const topic = <P extends z.ZodType>(contract: Omit<TopicContract<P>, 'kind'>): TopicContract<P> => ({
  kind: 'topic',
  ...contract,
});

/**
 * What travels with every call. Trace context is the bus's business and is not here. Handlers are given an object with more to it
 * than this, so its members are named where another is made of it, not spread.
 */
export interface CallContext {
  readonly requestId: string;
  /** Epoch milliseconds after which nobody waits for the answer. */
  readonly deadline: number;
  /** Aborted when the caller no longer wants the answer; it reaches the producer. */
  readonly signal: AbortSignal;
}

/**
 * Where a producer puts what it makes. `head` comes once and first; a returned promise from `data` is
 * back-pressure: the producer awaits it before making more. Neither may be called after the handler has ended.
 */
export interface StreamSink<Head> {
  head(head: Head): void | Promise<void>;
  data(bytes: Uint8Array): void | Promise<void>;
}

/** What a stream is asked with; a body may be larger than any message of the bus. */
export interface StreamRequest<Input> {
  readonly input: Input;
  readonly body?: Uint8Array | undefined;
}

/** A call as both sides see it: how it is handled, and how it is asked. */
export type RpcFunction<C extends RpcContract> = (
  input: z.output<C['input']>,
  context: CallContext,
) => Promise<z.output<C['output']>>;

/** A stream as both sides see it: the caller's sink is where the handler writes. */
export type StreamFunction<C extends StreamContract> = (
  request: StreamRequest<z.output<C['input']>>,
  sink: StreamSink<z.output<C['head']>>,
  context: CallContext,
) => Promise<z.output<C['outcome']>>;

type ServedKeys<G extends ContractGroup> = {
  [K in keyof G]: G[K] extends TopicContract ? never : K;
}[keyof G];

/** One function per contract that is served, no more, no fewer. Callers and servers share this shape. */
export type HandlersFor<G extends ContractGroup> = {
  readonly [K in ServedKeys<G>]: G[K] extends RpcContract
    ? RpcFunction<G[K]>
    : G[K] extends StreamContract
      ? StreamFunction<G[K]>
      : never;
};

export type ClientFor<G extends ContractGroup> = HandlersFor<G>;
