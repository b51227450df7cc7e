import type { ProtocolName } from '@bytespike/kernel';
import type { StreamForm } from '@bytespike/protocols';

/** How a client wants its stream written: server-sent events everywhere but on a Gemini stream without `alt=sse`. */
export const streamFormOf = (protocol: ProtocolName, query: string): StreamForm =>
  protocol === 'gemini-generate' && new URLSearchParams(query).get('alt') !== 'sse' ? 'list' : 'events';
