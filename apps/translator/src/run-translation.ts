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
import { readExchange, type Exchange, type Memory } from '@bytespike/protocols';

import { exchangeOptions, type ExchangePorts, type TranslationInput } from './exchange-options.js';
import type { ReasoningMemory } from './reasoning/reasoning-memory.js';
import { createStreamPump } from './stream-pump.js';
import { warningsOf } from './warnings.js';
import { createWholePump } from './whole-pump.js';

export interface TranslationPorts extends ExchangePorts {
  readonly generation: ClientFor<typeof generation>;
  readonly memory: ReasoningMemory;
  /** Told of what every request and every answer loses, refused or not. */
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
  const { generation, memory } = ports;
  const { requestId, operation, accountId, clientProtocol, target, stream, policy, allow, attemptsLeft } = input;
  const exchange = await openWithMemory(decoder.decode(body), input, ports);
  const lost = (losses: readonly Loss[]): void => ports.lost(losses, { clientProtocol, vendor: target.vendor });
  lost(exchange.losses);
  refuseLosses(exchange.losses, { policy, allow }, `${target.model} at ${target.vendor}`);

  const broken = new AbortController();
  const answerPorts = { lost, keep: (memories: readonly Memory[]) => memory.keep(accountId, memories), sink };
  const pump = stream
    ? createStreamPump({
        ...answerPorts,
        translated: exchange.stream(),
        warnings: warningsOf(exchange.losses),
        broken,
      })
    : createWholePump({ ...answerPorts, exchange });
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

/** The exchange with what its client did not send back of earlier reasoning. Almost no request asks for any. */
async function openWithMemory(body: string, input: TranslationInput, ports: TranslationPorts): Promise<Exchange> {
  const reading = readExchange(body, exchangeOptions(input, ports));
  const { forgotten } = reading;
  return reading.open(forgotten.length === 0 ? new Map() : await ports.memory.recall(input.accountId, forgotten));
}

/** A vendor's own error body is in its own dialect, which this client does not read. */
function withoutVerbatim(outcome: Outcome): Outcome {
  if (!outcome.failure?.verbatim) return outcome;
  const { verbatim: _verbatim, ...failure } = outcome.failure;
  return { ...outcome, failure };
}
