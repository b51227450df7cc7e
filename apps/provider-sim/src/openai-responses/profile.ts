import type { ChatModel } from '../openai-chat/profile.js';
import type { Json } from '../openai/fields.js';
import type { Account, AutomaticCaching } from '../prompt/account.js';

/** Where reasoning shows in its item: sealed with a summary for those who asked, or readable, as the look-alikes have it. */
export type ReasoningSlot = 'sealed' | 'content' | 'summary';

/** One model on one vendor's Responses wire, and what the vendor makes of a request for it. */
export interface ResponsesModel extends ChatModel {
  /** Refuses what the vendor refuses before it looks at the conversation. */
  readonly validate: (body: Json) => void;
  /** Refuses items that do not belong together. */
  readonly checkItems: (items: readonly Json[], body: Json) => void;
  readonly thinks: (body: Json) => boolean;
  readonly usage: (account: Account) => object;
  /** The settings the response repeats, as JSON without its outer braces. */
  readonly settings: (body: Json) => string;
}

/** One vendor's way of speaking the Responses wire, as data. */
export interface ResponsesProfile {
  readonly vendor: string;
  readonly caching: AutomaticCaching;
  /** The model by the name in the request, or the vendor's refusal. */
  readonly model: (name: string) => ResponsesModel;
  /** Whether responses are kept to be shown, deleted and continued, or nothing is remembered. */
  readonly state: 'kept' | 'none';
  readonly reasoning: ReasoningSlot;
  readonly heeds: { readonly toolChoice: boolean; readonly jsonSchema: boolean };
  readonly obfuscates: boolean;
}
