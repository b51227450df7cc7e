import type { ProtocolName } from '@bytespike/kernel';

import { WIRES } from '../registry.js';
import { openExchange, type ExchangeOptions } from '../translation/exchange.js';

export interface Translated {
  /** What the client was sent before its connection ended well or was to be ended with an error. */
  readonly text: string;
  readonly failure: string | undefined;
}

/** Everything a client is sent of a vendor's stream that comes in these pieces and then ends. */
export function translateStream(body: string, options: ExchangeOptions, pieces: readonly Uint8Array[]): Translated {
  const stream = openExchange(body, { ...options, stream: true }).stream();
  let text = '';
  for (const piece of pieces) {
    const pushed = stream.push(piece);
    text += pushed.text;
    if (pushed.failure) return { text, failure: pushed.failure.kind };
  }
  const last = stream.end();
  return { text: text + last.text, failure: last.failure?.kind };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The same stream with the error form that the rim ends it with, where it failed (architecture, section 3, step 9). */
export function asClientSees(client: ProtocolName, { text, failure }: Translated): string {
  if (failure === undefined) return text;
  const records = text.split(/(?<=\n\n)/).filter((record) => record !== '' && !record.startsWith(':'));
  const [first, last] = [records[0], records.at(-1)];
  const error = { kind: 'upstream-transient', publicMessage: 'The vendor failed.', requestId: 'req_1' } as const;
  const told = WIRES[client].errors.streamError(error, {
    ...(first !== undefined && { first: encoder.encode(first) }),
    ...(last !== undefined && { last: encoder.encode(last) }),
  });
  return text + decoder.decode(told);
}
