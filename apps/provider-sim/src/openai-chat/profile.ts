import type { Account, AutomaticCaching } from '../prompt/account.js';
import type { Json } from '../openai/fields.js';
import type { Authentication, Call, Credentials, Failure, Frame, JsonReply } from '../wire/wire.js';

/** What generating needs to know of a model, whoever sells it. */
export interface ChatModel {
  readonly id: string;
  readonly contextTokens: number;
  readonly outputTokensMax: number;
}

/**
 * One vendor's way of speaking the chat wire, as data. Where it has a function, the function is told the request's body.
 */
export interface ChatProfile {
  readonly vendor: string;
  readonly prefix: string;
  /** Below the prefix, without `/chat/completions`: `['', '/v1', '/beta']`. */
  readonly bases: readonly string[];
  readonly bodyBytesMax: number;
  readonly caching: AutomaticCaching;
  readonly authenticate: (credentials: Credentials) => Authentication;
  readonly renderFailure: (failure: Failure, requestId: string) => JsonReply;
  readonly renderStreamFailure: (failure: Failure, requestId: string) => readonly Frame[];
  /** The model by the name in the request, or the vendor's refusal. */
  readonly model: (name: string) => ChatModel;
  /** Refuses what the vendor refuses. What it does not look at, it ignores. */
  readonly validate: (body: Json, model: ChatModel) => void;
  readonly thinks: (body: Json, model: ChatModel) => boolean;
  readonly rendering: ChatRendering;
  readonly heeds: ChatHeeds;
  readonly listModels: () => JsonReply;
  readonly showModel?: (call: Call) => JsonReply;
}

/** What the vendor takes notice of; the rest it accepts and ignores. */
export interface ChatHeeds {
  readonly toolChoice: boolean;
  readonly jsonSchema: boolean;
  readonly manyChoices: boolean;
  readonly images: boolean;
  /** The fields that limit the output, the first one present winning. */
  readonly limits: readonly string[];
}

/** Where the model's thinking shows: nowhere, in a field beside `content`, or in `content` between tags. */
export type ReasoningSlot = 'hidden' | 'reasoning_content' | 'think-tags' | 'reasoning_details';

export interface ChatRendering {
  readonly responseId: (material: string) => string;
  readonly reasoning: (body: Json, model: ChatModel) => ReasoningSlot;
  readonly callId: (call: { readonly id: string; readonly name: string; readonly ordinal: number }) => string;
  readonly usage: (account: Account, model: ChatModel) => object;
  /** A refusal in a field of its own, with the citations beside it, or like any other text. */
  readonly refusals: 'own-field' | 'content';
  /** What a refused answer ends with where that is not the standard `stop`. */
  readonly refusalFinish?: string;
  /** Whether deltas name both `content` and `reasoning_content`, the one that rests being null. */
  readonly deltasNameBoth?: true;
  /** Whether the counts ride on the finish chunk, or come in a chunk of their own when asked for. */
  readonly streamedUsage: 'own-chunk' | 'finish-chunk';
  readonly argumentPieces: (body: Json) => 'tokens' | 'whole';
  /** Fields of the response beyond the standard ones. */
  readonly extras: (requestId: string, body: Json) => Readonly<Record<string, string | null>>;
  /** Random padding on stream deltas, which hides token lengths from eavesdroppers. */
  readonly obfuscates: boolean;
  /** Comment lines before the first chunk, as vendors under load send them. */
  readonly keepAlive?: string;
}
