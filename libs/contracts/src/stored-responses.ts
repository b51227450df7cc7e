import { z } from 'zod';

import { rpc, stream } from './define.js';
import { Operation } from './target.js';

/** Isolation is by key: another key of the same account is as foreign as anybody's. */
const Owner = z.object({ keyId: z.string() });
const OfResponse = Owner.extend({ responseId: z.string() });

/** Bodies go as bytes on both ways: a conversation may be larger than one message. */
const Nothing = z.object({});
const PEER_IDLE_MS = 10_000;

/** State of the Responses protocol (contract 0.6), kept by us for every vendor. Served by the translator. */
export const storedResponses = {
  /**
   * A request that leans on stored state, as one that does not: what came before it is written into its input. The
   * body is the client's and the frames are the expanded one. Errors: `previous-response-not-found`,
   * `invalid-request`, `too-large`, `unsupported` (a loss that the caller does not permit), `unavailable`.
   */
  expand: stream({
    subject: 'responses.v1.expand',
    idleTimeoutMs: PEER_IDLE_MS,
    input: Owner.extend({
      operation: Operation,
      policy: z.enum(['warn', 'strict']),
      /** Loss codes the caller permits one by one. */
      allow: z.array(z.string()),
    }),
    head: Nothing,
    outcome: z.object({
      /** The response that the request went on from, which its answer names. */
      previousResponseId: z.string().optional(),
      /** What could not be brought along, as the warnings header prints it. */
      warnings: z.array(z.string()),
    }),
  }),
  /** Keeps a response that its client was given. The body is the request, then the answer; the outcome says whether. */
  remember: stream({
    subject: 'responses.v1.remember',
    idleTimeoutMs: PEER_IDLE_MS,
    input: Owner.extend({
      /** Where in the body the request ends. */
      requestBytes: z.number().int().nonnegative(),
      /** The answer is a whole body, or the last record of a stream. */
      answer: z.enum(['body', 'record']),
    }),
    head: Nothing,
    outcome: z.object({ result: z.enum(['kept', 'too-large', 'unreadable']) }),
  }),
  /** The response object in frames: as JSON, or as the stream that tells it again. Errors: `not-found`, `unavailable`. */
  read: stream({
    subject: 'responses.v1.read',
    idleTimeoutMs: PEER_IDLE_MS,
    input: OfResponse.extend({
      form: z.enum(['body', 'stream']),
      /** The number of the event that a stream goes on behind. */
      startingAfter: z.number().int().nonnegative().optional(),
    }),
    head: Nothing,
    outcome: Nothing,
  }),
  /** One page of what a response was asked, as JSON in frames. Errors: `not-found`, `invalid-request`, `unavailable`. */
  listInputItems: stream({
    subject: 'responses.v1.list-input-items',
    idleTimeoutMs: PEER_IDLE_MS,
    input: OfResponse.extend({
      order: z.enum(['asc', 'desc']),
      limit: z.number().int().min(1).max(100),
      /** The id of the item that the page follows. */
      after: z.string().optional(),
    }),
    head: Nothing,
    outcome: Nothing,
  }),
  /** Errors: `not-found`, `unavailable`. */
  forget: rpc({ subject: 'responses.v1.forget', timeoutMs: 5_000, input: OfResponse, output: Nothing }),
};
