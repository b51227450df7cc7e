import type { CallContext, Operation } from '@bytespike/contracts';
import type { ProtocolName } from '@bytespike/kernel';
import type { PeekedBody } from '@bytespike/protocols';

/** One admitted request, as every target of its plan is asked it. */
export interface GenerationCall {
  readonly requestId: string;
  readonly accountId: string;
  readonly keyId: string;
  readonly protocol: ProtocolName;
  readonly operation: Operation;
  readonly stream: boolean;
  /** The client's bytes, decoded and otherwise untouched. */
  readonly clientBody: Uint8Array;
  /** What targets are asked: the same bytes, unless a stored conversation was written into them. */
  readonly body: Uint8Array;
  readonly peeked: PeekedBody;
  /** What the client said of state, where `body` no longer does. */
  readonly clientState?: { readonly previousResponseId?: string; readonly store: boolean };
  readonly headers: Record<string, string>;
  readonly query: string;
  /** What an expansion could not bring along, as the warnings header prints it. */
  readonly warnings: readonly string[];
  readonly policy: 'warn' | 'strict';
  readonly allow: string[];
  readonly context: CallContext;
}
