import { z } from 'zod';

import { rpc, stream } from './define.js';
import { MediaAsked } from './media-request.js';
import { Attempt, Failure } from './outcome.js';
import { MediaTarget } from './target.js';

/** A file in the object store, as far as others need to know it. */
export const KeptAsset = z.object({
  name: z.string().max(200),
  contentType: z.string().max(100),
  bytes: z.number().int().nonnegative(),
  /** Hex. */
  sha256: z.string(),
});
export type KeptAsset = z.output<typeof KeptAsset>;

/** Where what was made can be had; what came inside an answer lies in the store already. */
export const MadeAsset = z.discriminatedUnion('from', [
  z.object({ from: z.literal('vendor'), path: z.string(), mediaType: z.string() }),
  z.object({ from: z.literal('address'), url: z.string(), mediaType: z.string() }),
  z.object({ from: z.literal('store'), asset: KeptAsset }),
]);
export type MadeAsset = z.output<typeof MadeAsset>;

const Rendered = z.object({
  seconds: z.number().optional(),
  images: z.number().optional(),
  tokens: z.number().optional(),
});

/** What a vendor says of a render, normalised; `unknown` is no verdict (libs/media). */
export const RenderReport = z.discriminatedUnion('state', [
  z.object({
    state: z.enum(['queued', 'running']),
    word: z.string(),
    progress: z.object({ percent: z.number().optional(), stage: z.string().optional() }),
  }),
  z.object({
    state: z.literal('succeeded'),
    word: z.string(),
    assets: z.array(MadeAsset).min(1).max(16),
    rendered: Rendered,
  }),
  z.object({ state: z.enum(['failed', 'expired']), word: z.string(), failure: Failure }),
  z.object({ state: z.literal('cancelled'), word: z.string(), rendered: Rendered }),
  z.object({
    state: z.literal('unknown'),
    word: z.string(),
    failure: Failure.optional(),
    attention: z.enum(['none', 'operator']),
  }),
]);
export type RenderReport = z.output<typeof RenderReport>;

/** What a submit came to (libs/media, `Submitted`). */
export const SubmitOutcome = z.object({
  submitted: z.discriminatedUnion('type', [
    z.object({ type: z.literal('accepted'), upstreamId: z.string(), report: RenderReport }),
    /** Made at once; all that could be had of it lies in the store. */
    z.object({
      type: z.literal('finished'),
      report: RenderReport,
      /** By the names of assets: the words that a vendor wrote instead of the prompt. They are content, and nobody keeps them. */
      revisedPrompts: z.record(z.string(), z.string()).optional(),
    }),
    /** Nothing was started; the kind's row says what may be tried next. */
    z.object({ type: z.literal('refused'), failure: Failure }),
    /** Something may have been started: it is looked up, never sent again. */
    z.object({ type: z.literal('unclear'), failure: Failure }),
  ]),
  /** Of the attempt that was answered, or may have been: everything else about this render is asked with it. */
  credentialId: z.string().optional(),
  /** Epoch milliseconds: when that attempt was sent, and until when it may have arrived. */
  sentAt: z.number().int().optional(),
  arrivedBy: z.number().int().optional(),
  /** Every call to the vendor, the failed ones too. */
  attempts: z.array(Attempt),
});
export type SubmitOutcome = z.output<typeof SubmitOutcome>;

/** One line (JSON) of the data of a `submit` that draws pictures: they are told as they come. */
export const PictureNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('partial'), index: z.number().int(), asset: KeptAsset }),
  z.object({ type: z.literal('completed'), index: z.number().int(), asset: KeptAsset }),
]);
export type PictureNews = z.output<typeof PictureNews>;

/** A render at its vendor: all of it must be asked with the credential that submitted it. */
const RenderName = z.object({ target: MediaTarget, credentialId: z.string(), upstreamId: z.string() });
export type RenderName = z.output<typeof RenderName>;

/** As of a producer of text: a peer that died is noticed within this and a quarter. */
const PEER_IDLE_MS = 10_000;

/** Pictures and films at their vendors, served by upstream-adapters. Nothing here knows tasks, money or callers. */
export const media = {
  /**
   * Asks for a render, on the credentials of one target in turn. Costs money at the vendor: nobody may repeat it blindly. Never
   * an error of its own, whatever fails before the vendor is called: that is `refused`.
   */
  submit: stream({
    subject: 'media.v1.submit',
    idleTimeoutMs: PEER_IDLE_MS,
    input: z.object({
      /** Names the work: the task, or the request. Assets are named after it. */
      workId: z.string().max(100),
      target: MediaTarget,
      asked: MediaAsked,
      /** A number that tells this submit from others where a wire carries one back; below 2^31. */
      mark: z.number().int().nonnegative().max(2_147_483_647),
      attemptsLeft: z.number().int().positive(),
      /** For how long the vendor may take to answer. */
      patienceMs: z.number().int().positive(),
    }),
    /** Sent before the first data, or with the outcome: what was asked and has no place on the wire. */
    head: z.object({ unsent: z.array(z.string()) }),
    outcome: SubmitOutcome,
  }),
  /** How a render does. Never an error where the vendor could be asked at all: that is `unknown`. */
  ask: rpc({
    subject: 'media.v1.ask',
    timeoutMs: 30_000,
    input: RenderName.extend({ workId: z.string(), submittedAt: z.number().int() }),
    output: RenderReport,
  }),
  /** The same of several renders of one credential, where the vendor has such a question (`statusMany` of libs/media). */
  askMany: rpc({
    subject: 'media.v1.ask-many',
    timeoutMs: 30_000,
    input: z.object({
      target: MediaTarget,
      credentialId: z.string(),
      renders: z
        .array(z.object({ upstreamId: z.string(), workId: z.string() }))
        .min(1)
        .max(50),
    }),
    /** By the vendor's id; what it did not name is absent. */
    output: z.object({ reports: z.record(z.string(), RenderReport) }),
  }),
  /** Whether a submit whose answer was lost has started something. Errors: `unavailable`, the vendor gave no answer. */
  lookUp: rpc({
    subject: 'media.v1.look-up',
    timeoutMs: 30_000,
    input: z.object({
      target: MediaTarget,
      /** Absent when whoever submitted has died without telling: then every credential of the target is asked. */
      credentialId: z.string().optional(),
      asked: MediaAsked,
      mark: z.number().int(),
      sentAt: z.number().int(),
      arrivedBy: z.number().int(),
      /** Renders that are other tasks'. */
      known: z.array(z.string()).max(1_000),
    }),
    output: z.discriminatedUnion('type', [
      z.object({
        type: z.literal('found'),
        upstreamId: z.string(),
        credentialId: z.string(),
        /** It can be no other's; else it may be that of a submit which is still under way, and so another customer's. */
        isCertain: z.boolean(),
      }),
      z.object({ type: z.literal('absent') }),
      z.object({ type: z.literal('unclear') }),
    ]),
  }),
  /** Stops a render that has just been seen in a state in which it can be stopped. */
  cancel: rpc({
    subject: 'media.v1.cancel',
    timeoutMs: 30_000,
    input: RenderName,
    output: z.object({ result: z.enum(['stopped', 'too-late', 'unclear']) }),
  }),
  /**
   * Copies what was made into the object store. A copy that failed may be asked for again until the vendor drops it (`isGone`).
   * Errors: `unavailable`, the store or the catalogue.
   */
  fetch: stream({
    subject: 'media.v1.fetch',
    idleTimeoutMs: PEER_IDLE_MS,
    input: z.object({
      workId: z.string(),
      target: MediaTarget,
      credentialId: z.string(),
      asset: MadeAsset,
      /** Which of the work's assets it is; a repeat replaces the same one. */
      index: z.number().int().nonnegative(),
    }),
    head: z.object({}),
    outcome: z.discriminatedUnion('type', [
      z.object({ type: z.literal('kept'), asset: KeptAsset }),
      z.object({ type: z.literal('failed'), failure: Failure, isGone: z.boolean() }),
    ]),
  }),
};
