import type { ProtocolName } from '@bytespike/kernel';

/** Node's view of incoming headers: lower-cased names. */
export type IncomingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * What of a client's headers reaches a vendor: only those that select behaviour of the protocol. Everything else
 * stays here, because the call is made under our account and not the client's: credentials, cookies, hop headers and
 * trace context; `openai-organization` and `-project`, `anthropic-workspace-id` (they name the client's own account,
 * which our credential cannot enter); `x-goog-api-client`, `user-agent`, `x-stainless-*` (they describe the client's
 * software); session ids of Claude Code and Codex (they identify a person's session).
 */
const FORWARDED = {
  'anthropic-messages': ['anthropic-version', 'anthropic-beta'],
  'openai-responses': ['openai-beta', 'x-openai-internal-codex-responses-lite'],
  'openai-chat': ['openai-beta'],
  'gemini-generate': [],
} as const satisfies Record<ProtocolName, readonly string[]>;

/** Any date is accepted and forwarded; an absent one means this (contract 0.1). */
const ANTHROPIC_VERSION_DEFAULT = '2023-06-01';

/** The client's headers that go along with a call, lower-cased; all of a client's headers together are bounded as they come in. */
export function forwardedHeaders(protocol: ProtocolName, incoming: IncomingHeaders): Record<string, string> {
  const forwarded: Record<string, string> =
    protocol === 'anthropic-messages' ? { 'anthropic-version': ANTHROPIC_VERSION_DEFAULT } : {};
  for (const name of FORWARDED[protocol]) {
    const value = incoming[name];
    const text = typeof value === 'string' ? value : value?.join(',');
    if (text) forwarded[name] = text;
  }
  return forwarded;
}

const FORWARDED_QUERY = new Set(['alt', 'beta']);

/** The part of a query that belongs to the protocol: never a credential, never what we do not know. */
export function forwardedQuery(query: string): string {
  if (query === '') return '';
  const kept = [...new URLSearchParams(query)].filter(([name]) => FORWARDED_QUERY.has(name));
  return new URLSearchParams(kept).toString();
}
