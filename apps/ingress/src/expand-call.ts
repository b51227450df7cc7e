import type { ClientFor, StreamSink, storedResponses } from '@bytespike/contracts';
import { peekBody } from '@bytespike/protocols';

import type { GenerationCall } from './generation-call.js';
import type { Exchange } from './http/exchange.js';
import type { OpenExchanges } from './http/open-exchanges.js';

export interface ExpansionPorts {
  readonly storedResponses: Pick<ClientFor<typeof storedResponses>, 'expand'>;
  readonly exchanges: Pick<OpenExchanges, 'reserve'>;
}

/**
 * A call that leans on stored responses, with what came before it written into its body: from here on it is planned,
 * held for and served as what it is, a long request. Errors: `previous-response-not-found`, `too-large`,
 * `unsupported` (a loss that the caller does not permit), `unavailable`.
 */
export async function expandCall(
  call: GenerationCall,
  exchange: Exchange,
  { storedResponses, exchanges }: ExpansionPorts,
): Promise<GenerationCall> {
  const { protocol, operation, keyId, policy, allow, context } = call;
  const { bytes: body, outcome } = await collected((sink) =>
    storedResponses.expand({ input: { keyId, operation, policy, allow }, body: call.body }, sink, context),
  );
  exchanges.reserve(exchange, body.length);
  // Whether to keep the answer was the client's to say; and these bytes are ours, not ones that may pass as they are.
  const { declinesStore } = call.peeked;
  const peeked = { ...peekBody(protocol, body), declinesStore, usesState: true };
  const { warnings, ...from } = outcome;
  return { ...call, body, peeked, warnings, clientState: { ...from, store: !declinesStore } };
}

/** The frames of a call, put together, and how it ended. */
export async function collected<Outcome>(
  run: (sink: StreamSink<object>) => Promise<Outcome>,
): Promise<{ readonly bytes: Uint8Array; readonly outcome: Outcome }> {
  const pieces: Uint8Array[] = [];
  const outcome = await run({ head: () => undefined, data: (bytes) => void pieces.push(bytes) });
  return { bytes: pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces), outcome };
}
