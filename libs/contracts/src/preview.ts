import { z } from 'zod';

import { rpc } from './define.js';
import { Protocol, Target } from './target.js';

/** Enough for any request a person would want to look at; the bus carries it in one message. */
const BODY_CHARACTERS_MAX = 256 * 1024;

/** Whom a request is for: a model of a group, as its keys would reach it, or one vendor's wire named outright. */
const Destination = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), groupId: z.string(), model: z.string() }),
  Target.pick({ vendor: true, protocol: true, upstreamModel: true, model: true }).extend({
    kind: z.literal('target'),
    maxOutputTokens: z.number().int().positive(),
  }),
]);

/** Served by the translator: what a vendor would be sent, without sending it. Nothing is called, held or stored. */
export const preview = {
  /** Errors: those of `routing.v1.plan` for a model, `invalid-request` naming the place, `unsupported` for a missing pair. */
  translate: rpc({
    subject: 'preview.v1.translate',
    timeoutMs: 5_000,
    input: z.object({
      clientProtocol: Protocol,
      /** The client's body, as text: what is not JSON is told like any other mistake. */
      body: z.string().max(BODY_CHARACTERS_MAX),
      to: Destination,
      stream: z.boolean(),
      /** What the client would send, lower-cased. */
      headers: z.record(z.string(), z.string()),
      policy: z.enum(['warn', 'strict']),
      allow: z.array(z.string()),
    }),
    output: z.object({
      target: Target.pick({ vendor: true, protocol: true, upstreamModel: true, model: true, lane: true }),
      /** The vendor's body. On the raw lane it is the client's own with the permitted edits. */
      body: z.string(),
      losses: z.array(
        z.object({
          code: z.string(),
          /** Where it stood in the client's body. */
          path: z.string(),
          effect: z.enum(['dropped', 'approximated']),
          what: z.string(),
        }),
      ),
      /** Absent where the request would be sent; otherwise the first loss that the policy does not permit. */
      refused: z
        .object({
          code: z.string(),
          path: z.string(),
          message: z.string(),
          /** The header that would permit it. */
          permit: z.string(),
        })
        .optional(),
    }),
  }),
};
