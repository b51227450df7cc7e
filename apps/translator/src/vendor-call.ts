import type { generation, StreamFunction } from '@bytespike/contracts';

import type { TranslationInput } from './exchange-options.js';

type VendorCall = Parameters<StreamFunction<(typeof generation)['run']>>[0];

const encoder = new TextEncoder();

/** A body that we wrote, as the adapter is asked to send it. Headers and query speak the client's dialect, so they stay with it. */
export function vendorCall(
  { requestId, operation, target, clientProtocol, headers, query }: TranslationInput,
  { body, stream, attemptsLeft }: { readonly body: string } & Pick<TranslationInput, 'stream' | 'attemptsLeft'>,
): VendorCall {
  const carried = clientProtocol === target.protocol ? { headers, query } : { headers: {}, query: '' };
  return {
    input: { ...{ requestId, operation, stream, target, attemptsLeft, edits: [], usageChunk: 'pass' }, ...carried },
    body: encoder.encode(body),
  };
}
