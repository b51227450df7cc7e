import { z } from 'zod';

import { Cap } from './billing.js';
import { rpc } from './define.js';
import { MediaKind, MediaSurface, MediaTarget, Operation, Protocol, Target } from './target.js';

/** Who is asking, as far as the token path needs to know. */
export const Principal = z.object({
  keyId: z.string(),
  accountId: z.string(),
  organisationId: z.string().optional(),
  groupId: z.string(),
  /** The masked key, for people: `sk-byts-...abcd`. */
  keyHint: z.string(),
  policy: z.enum(['warn', 'strict']),
  tier: z.enum(['free', 'pro', 'max', 'enterprise']),
  /** Requests the account may have in flight at once, over all its keys; absent is without limit. */
  concurrency: z.number().int().positive().optional(),
  memberId: z.string().optional(),
  /** Of the key, its member, its organisation, and of models one by one; the ledger counts and decides. */
  caps: z.array(Cap),
});
export type Principal = z.output<typeof Principal>;

/** What a request needs of a model, as peeked from its bytes. */
export const Features = z.object({
  stream: z.boolean(),
  tools: z.boolean(),
  vision: z.boolean(),
  thinking: z.boolean(),
  /** Asks for state kept by the gateway (`previous_response_id`, item references). */
  state: z.boolean(),
  /** Holds an opaque capsule of ours, which must not reach a vendor. */
  capsule: z.boolean(),
});
export type Features = z.output<typeof Features>;

export const Plan = z.object({
  /** The catalogue id that serves. */
  model: z.string(),
  /** The name asked for, when it was an alias. */
  alias: z.string().optional(),
  maxOutputTokens: z.number().int().positive(),
  /** Best first. Never empty: nowhere to go is an error. */
  targets: z.array(Target).min(1),
  /**
   * For how long the same question has the same answer; absent when every request is to be drawn anew, as it is where
   * several channels share the traffic.
   */
  reusableMs: z.number().int().positive().optional(),
});
export type Plan = z.output<typeof Plan>;

/** Where pictures or films of a model can be had. */
export const MediaPlan = z.object({
  model: z.string(),
  alias: z.string().optional(),
  kind: MediaKind,
  /** Best first. */
  targets: z.array(MediaTarget).min(1),
});
export type MediaPlan = z.output<typeof MediaPlan>;

export const CellState = z.enum(['native', 'translated', 'shim', 'planned', 'none']);

/** A model as its users see it. Prices are deliberately absent (contract 4.6). */
export const ModelCard = z.object({
  id: z.string(),
  displayName: z.string(),
  family: z.string(),
  vendor: z.string(),
  /** Only the cells this group opens. */
  protocols: z.partialRecord(Protocol, CellState),
  /** By which doors its pictures or films are had; none of a model that writes. */
  surfaces: z.array(MediaSurface),
  capabilities: z.array(z.string()),
  contextWindow: z.number().int(),
  maxOutputTokens: z.number().int(),
  inputModalities: z.array(z.string()),
  outputModalities: z.array(z.string()),
  agent: z.enum(['none', 'eligible', 'planned']),
  /** Epoch seconds. */
  created: z.number().int(),
});
export type ModelCard = z.output<typeof ModelCard>;

/** Who may ask, and where a request may go. */
export const routing = {
  /**
   * Who owns this key. Errors: `unauthenticated` (unknown, revoked, expired), `forbidden` (IP rule, paused
   * organisation), `unavailable` (the store cannot answer; never mistaken for a bad key).
   */
  authenticate: rpc({
    subject: 'routing.v1.authenticate',
    timeoutMs: 2_000,
    input: z.object({
      /** HMAC-SHA-256 of the secret under the platform's pepper, hex. The secret itself does not cross the bus. */
      keyDigest: z.string().regex(/^[0-9a-f]{64}$/),
      clientAddress: z.string(),
    }),
    output: Principal,
  }),
  /**
   * Ordered targets for one request. Errors: `model-not-found`, `model-not-in-group`, `retired-model`,
   * `tools-not-supported`, `unsupported` (vision), `unavailable` (no healthy target).
   */
  plan: rpc({
    subject: 'routing.v1.plan',
    timeoutMs: 2_000,
    input: z.object({
      groupId: z.string(),
      protocol: Protocol,
      operation: Operation,
      model: z.string(),
      features: Features,
    }),
    output: Plan,
  }),
  /**
   * The same for pictures and films. Errors: `model-not-found`, `model-not-in-group`, `retired-model`, `invalid-request` (a
   * model that makes none of the kinds asked for), `unavailable`.
   */
  planMedia: rpc({
    subject: 'routing.v1.plan-media',
    timeoutMs: 2_000,
    input: z.object({ groupId: z.string(), model: z.string(), kinds: z.array(MediaKind).min(1) }),
    output: MediaPlan,
  }),
  /** The models a group opens, for `GET /v1/models` and `available-models`. */
  listModels: rpc({
    subject: 'routing.v1.list-models',
    timeoutMs: 2_000,
    input: z.object({ groupId: z.string() }),
    output: z.object({ models: z.array(ModelCard) }),
  }),
  /**
   * One model of a group, by its own name or an alias. Errors: `model-not-found`, `model-not-in-group`,
   * `retired-model`.
   */
  readModel: rpc({
    subject: 'routing.v1.read-model',
    timeoutMs: 2_000,
    input: z.object({ groupId: z.string(), name: z.string() }),
    output: z.object({ model: ModelCard }),
  }),
  /** What a caller's name for a model means to the catalogue, whoever may use it; absent when it is no model's name. */
  nameModel: rpc({
    subject: 'routing.v1.name-model',
    timeoutMs: 2_000,
    input: z.object({ name: z.string() }),
    output: z.object({ id: z.string().optional() }),
  }),
};
