import type {
  CallContext,
  ClientFor,
  generation,
  Outcome,
  StreamHead,
  StreamRequest,
  StreamSink,
} from '@bytespike/contracts';
import { refuseLosses, type Loss } from '@bytespike/ir';
import type { ProtocolName } from '@bytespike/kernel';
import { openExchange } from '@bytespike/protocols';

import { exchangeOptions, type ExchangePorts, type TranslationInput } from './exchange-options.js';
import { createStreamPump } from './stream-pump.js';
import { warningsOf } from './warnings.js';
import { createWholePump } from './whole-pump.js';

export interface TranslationPorts extends ExchangePorts {
  readonly generation: ClientFor<typeof generation>;
  /** Told of what every request loses, refused or not. */
  lost(losses: readonly Loss[], where: { readonly clientProtocol: ProtocolName; readonly vendor: string }): void;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * A client's request to a vendor of another dialect: decode, judge what would be lost, encode, ask the vendor, and
 * pump its answer back in the client's dialect. The outcome is the adapter's, unless what came does not decode.
 */
export async function runTranslation(
  { input, body }: StreamRequest<TranslationInput>,
  sink: StreamSink<StreamHead>,
  context: CallContext,
  ports: TranslationPorts,
): Promise<Outcome> {
  const { generation } = ports;
  const { requestId, operation, clientProtocol, target, stream, policy, allow, attemptsLeft } = input;
  const exchange = openExchange(decoder.decode(body), exchangeOptions(input, ports));
  ports.lost(exchange.losses, { clientProtocol, vendor: target.vendor });
  refuseLosses(exchange.losses, { policy, allow }, `${target.model} at ${target.vendor}`);

  const broken = new AbortController();
  const pump = stream
    ? createStreamPump({
        translated: exchange.stream(),
        warnings: warningsOf(exchange.losses),
        sink,
        broken,
      })
    : createWholePump({ exchange, sink });
  const sameDialect = clientProtocol === target.protocol;
  const outcome = await generation.run(
    {
      input: {
        ...{ requestId, operation, stream, target, attemptsLeft, edits: [], usageChunk: 'pass' },
        headers: sameDialect ? input.headers : {},
        query: sameDialect ? input.query : '',
      },
      body: encoder.encode(exchange.body),
    },
    pump.sink,
    { ...context, signal: AbortSignal.any([context.signal, broken.signal]) },
  );
  return pump.finish(sameDialect ? outcome : withoutVerbatim(outcome));
}

/** A vendor's own error body is in its own dialect, which this client does not read. */
function withoutVerbatim(outcome: Outcome): Outcome {
  if (!outcome.failure?.verbatim) return outcome;
  const { verbatim: _verbatim, ...failure } = outcome.failure;
  return { ...outcome, failure };
}
