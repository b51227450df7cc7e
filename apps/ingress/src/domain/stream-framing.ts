import type { ProtocolName } from '@bytespike/kernel';

/** How a stream is cut into records: server-sent events everywhere but on a Gemini stream without `alt=sse`. */
export const framingOf = (protocol: ProtocolName, query: string): 'events' | 'list' =>
  protocol === 'gemini-generate' && new URLSearchParams(query).get('alt') !== 'sse' ? 'list' : 'events';
