import type { StateRequest } from '@bytespike/ir';
import type { ProtocolName } from '@bytespike/kernel';

import type { CapsuleSigner } from './reasoning/capsules.js';

/** Between whom a request is translated, and what both sides are told of each other. */
export interface ExchangeOptions {
  readonly client: ProtocolName;
  readonly target: ProtocolName;
  readonly vendor: string;
  /** The vendor's account behind the target, where one was picked: state bound to an account goes back to no other. */
  readonly channel?: string;
  /** The vendor's name of the model. */
  readonly upstreamModel: string;
  /** The catalogue's id of it, which answers name. */
  readonly model: string;
  /** The catalogue's limit of its answers. */
  readonly maxOutputTokens: number;
  readonly stream: boolean;
  /** What the client put behind its `?`, where its dialect says there how a stream is framed. */
  readonly query?: string;
  /** What the client sent, lower-cased. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the account that asks. */
  readonly signer: CapsuleSigner;
  /** What the client said of state before its request was expanded (ADR 0011); answers repeat that. */
  readonly clientState?: StateRequest;
  /** Epoch seconds, for clients whose dialect dates an answer that its vendor did not. */
  readonly createdAt: number;
}
