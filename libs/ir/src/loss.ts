import { GatewayError } from '@bytespike/kernel';

/**
 * What a translation may lose, as a closed list (reference, protocols 2.16, as contract 0.6 amends it):
 * - `reject`: refused unless the caller permits the code;
 * - `warn`: done and told, refused only under a strict policy;
 * - `note`: a hint or a cache mark, told and never refused.
 */
export const LOSSES = {
  L03: { action: 'warn', what: 'instructions late or alone were folded into a user turn' },
  L04: { action: 'reject', what: 'the conversation ends with an unfinished assistant turn' },
  L05: { action: 'warn', what: 'the name of a message was dropped' },
  L10: { action: 'reject', what: 'a file would have to be fetched from its address' },
  L11: { action: 'reject', what: 'a file id of another vendor cannot be resolved' },
  L12: { action: 'warn', what: 'an image detail setting was dropped' },
  L13: { action: 'warn', what: 'a document or search result was flattened to text' },
  L14: { action: 'reject', what: 'this kind of content is not supported' },
  L21: { action: 'warn', what: 'the grammar of a free-form tool was dropped' },
  L22: { action: 'warn', what: 'a tool that the vendor would run has no counterpart and was dropped' },
  L23: { action: 'warn', what: 'a tool typed by its vendor has no counterpart and was dropped' },
  L24: { action: 'warn', what: 'parallel tool calls cannot be controlled' },
  L25: { action: 'reject', what: 'a tool choice cannot be forced' },
  L26: { action: 'note', what: 'hints on how a tool is offered were ignored' },
  L27: { action: 'warn', what: 'strictness of a tool was dropped' },
  L30: { action: 'warn', what: 'media of a tool result was moved into a user message' },
  L31: { action: 'reject', what: 'a tool call and its result do not match' },
  L32: { action: 'warn', what: 'the error flag of a tool result was written into its text' },
  L33: { action: 'warn', what: 'what stood between tool results was moved behind them' },
  L40: { action: 'warn', what: 'reasoning of another vendor was dropped' },
  L41: { action: 'warn', what: 'a bypass signature stands in for a missing one' },
  L42: { action: 'warn', what: 'thinking was switched off for this request' },
  L43: { action: 'warn', what: 'the reasoning request was approximated' },
  L50: { action: 'reject', what: 'the response format cannot be guaranteed' },
  L51: { action: 'warn', what: 'a tool schema was projected to what the target understands' },
  L60: { action: 'warn', what: 'a sampling setting was dropped' },
  L61: { action: 'reject', what: 'stop sequences are not supported' },
  L62: { action: 'reject', what: 'more than one candidate is not supported' },
  L63: { action: 'reject', what: 'log probabilities and logit bias are not supported' },
  L64: { action: 'reject', what: 'a request that generates nothing is not supported' },
  L65: { action: 'warn', what: 'a limit was filled in because the target requires one' },
  L66: { action: 'note', what: 'an answer that its vendor had paused ends where the vendor was left' },
  L70: { action: 'reject', what: 'a search domain policy cannot be enforced' },
  L71: { action: 'warn', what: 'history of tools that a vendor ran was dropped' },
  L80: { action: 'reject', what: 'a feature served by one vendor alone was asked for' },
  L81: { action: 'reject', what: 'safety settings stricter than the default cannot be carried' },
  L82: { action: 'warn', what: 'metadata, identity, verbosity or tier was dropped' },
  L83: { action: 'note', what: 'cache marks were ignored' },
  // The whole context is sent instead, so that nothing of the conversation is lost.
  L84: { action: 'note', what: 'context edits were ignored' },
  L85: { action: 'note', what: 'beta features without a counterpart were ignored' },
  L86: { action: 'note', what: "a client's attribution text was left out" },
  L87: { action: 'warn', what: 'a field without a counterpart was dropped' },
} as const satisfies Record<string, { action: 'reject' | 'warn' | 'note'; what: string }>;

export type LossCode = keyof typeof LOSSES;

/** One thing an encoder could not carry: where it stood in the caller's body, and what became of it. */
export interface Loss {
  readonly code: LossCode;
  readonly path: string;
  readonly effect: 'dropped' | 'approximated';
}

/** What an encoder made, and what it lost in making it. */
export interface Encoded<Wire> {
  readonly wire: Wire;
  readonly losses: readonly Loss[];
}

/** What of its request a caller lets go: `strict` lets go of nothing but hints. */
export interface LossPolicy {
  readonly policy: 'warn' | 'strict';
  /** Codes the caller permits one by one. */
  readonly allow: readonly string[];
}

/** The first loss that the policy does not permit. */
export const findRefusedLoss = (losses: readonly Loss[], { policy, allow }: LossPolicy): Loss | undefined =>
  losses.find(
    ({ code }) =>
      !allow.includes(code) &&
      (LOSSES[code].action === 'reject' || (LOSSES[code].action === 'warn' && policy === 'strict')),
  );

/** Throws `unsupported` for the first loss the policy does not permit, naming the switch that would permit it. */
export function refuseLosses(losses: readonly Loss[], policy: LossPolicy, target: string): void {
  const refused = findRefusedLoss(losses, policy);
  if (!refused) return;
  const { code, path } = refused;
  throw new GatewayError(
    'unsupported',
    `${path}: ${LOSSES[code].what} by ${target} (${code}). Send "x-gateway-allow: ${code}" to permit it.`,
    { details: { path, code, target } },
  );
}

/** A loss as the warnings header prints it: `L60;path="top_k";action=dropped`. */
export const formatLoss = ({ code, path, effect }: Loss): string =>
  `${code};path="${path.replace(/[^\x21\x23-\x5b\x5d-\x7e]/g, '_')}";action=${effect}`;
