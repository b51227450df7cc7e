import { z } from 'zod';

import { stream } from './define.js';
import { Outcome } from './outcome.js';
import { Operation, Protocol, Target } from './target.js';

/** Replaces `length` bytes at `at` of the request body: the only way a raw request is ever changed (ADR 0005). */
export const BodyEdit = z.object({ at: z.number().int(), length: z.number().int(), text: z.string() });
export type BodyEdit = z.output<typeof BodyEdit>;

const Call = z.object({
  requestId: z.string(),
  operation: Operation,
  stream: z.boolean(),
  /** Client headers that passed the allow-list, lower-cased: `anthropic-version`, `anthropic-beta` and the like. */
  headers: z.record(z.string(), z.string()),
  /** Query the client sent that belongs to the protocol (`alt`, `beta`), without credentials. */
  query: z.string(),
});

/** Sent once, when the vendor has shown its first content event (or the whole body, when not streaming). */
export const StreamHead = z.object({
  status: z.number().int(),
  contentType: z.string(),
  /** Vendor headers that may reach the client, lower-cased. */
  headers: z.record(z.string(), z.string()),
  /** The model that serves, when it is not the one the plan named first. */
  servedBy: z.string(),
  /** What the encoders lost: `L60;path="top_k";action=dropped`. Empty on the raw lane. */
  warnings: z.array(z.string()),
});
export type StreamHead = z.output<typeof StreamHead>;

/**
 * Noticed within this and a quarter, so well before the first keep-alive (15 s) commits a stream to its 200: a producer
 * that died unseen before its first content is still answered by a plain status, which every client can retry.
 */
const PEER_IDLE_MS = 10_000;

/** Served by upstream-adapters: the request bytes are in the vendor's dialect, and so are the frames. */
export const generation = {
  run: stream({
    subject: 'generation.v1.run',
    idleTimeoutMs: PEER_IDLE_MS,
    input: Call.extend({
      target: Target,
      edits: z.array(BodyEdit),
      /** `withhold`: the usage chunk of a Chat stream was asked for by us, not by the client. */
      usageChunk: z.enum(['pass', 'withhold']),
      /** How many calls to vendors are left for this request. */
      attemptsLeft: z.number().int().positive(),
    }),
    head: StreamHead,
    outcome: Outcome,
  }),
};

/** Served by the translator: bytes in the client's dialect on both sides, the vendor's within. */
export const translation = {
  run: stream({
    subject: 'translation.v1.run',
    idleTimeoutMs: PEER_IDLE_MS,
    input: Call.extend({
      clientProtocol: Protocol,
      /** Whose state this is: capsules, remembered reasoning and stored responses belong to one account and one key. */
      accountId: z.string(),
      keyId: z.string(),
      target: Target,
      /** The catalogue's limit of the model's answers, for wires that require one. */
      maxOutputTokens: z.number().int().positive(),
      policy: z.enum(['warn', 'strict']),
      /** Loss codes the caller permits one by one (`x-gateway-allow`). */
      allow: z.array(z.string()),
      /** What the client said of state before its request was expanded (ADR 0011); answers repeat it. */
      clientState: z.object({ previousResponseId: z.string().optional(), store: z.boolean() }).optional(),
      attemptsLeft: z.number().int().positive(),
    }),
    head: StreamHead,
    outcome: Outcome,
  }),
};
