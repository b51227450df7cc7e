import type {
  CallContext,
  ClientFor,
  generation,
  Outcome,
  StreamFunction,
  StreamHead,
  StreamRequest,
  StreamSink,
  translation,
} from '@bytespike/contracts';
import { refuseLosses, type Loss } from '@bytespike/ir';
import { GatewayError, type ProtocolName } from '@bytespike/kernel';
import { openExchange, type CapsuleSigner } from '@bytespike/protocols';

import { createStreamPump } from './stream-pump.js';
import { warningsOf } from './warnings.js';
import { createWholePump } from './whole-pump.js';

export interface TranslationPorts {
  readonly generation: ClientFor<typeof generation>;
  readonly signer: CapsuleSigner;
  /** Epoch milliseconds. */
  now(): number;
  /** Told of what every request loses, refused or not. */
  lost(losses: readonly Loss[], where: { readonly clientProtocol: ProtocolName; readonly vendor: string }): void;
}

type Input = Parameters<StreamFunction<(typeof translation)['run']>>[0]['input'];

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * A client's request to a vendor of another dialect: decode, judge what would be lost, encode, ask the vendor, and
 * pump its answer back in the client's dialect. The outcome is the adapter's, unless what came does not decode.
 */
export async function runTranslation(
  { input, body }: StreamRequest<Input>,
  sink: StreamSink<StreamHead>,
  context: CallContext,
  ports: TranslationPorts,
): Promise<Outcome> {
  const { generation, signer } = ports;
  const { requestId, operation, clientProtocol, target, stream, policy, allow, attemptsLeft } = input;
  if (operation !== 'generate')
    throw new GatewayError('unsupported', `Tokens of ${target.model} cannot be counted in ${clientProtocol} yet.`);
  const exchange = openExchange(decoder.decode(body), {
    ...{ client: clientProtocol, target: target.protocol, vendor: target.vendor, stream, signer },
    ...{ upstreamModel: target.upstreamModel, model: target.model, headers: input.headers },
    maxOutputTokens: input.maxOutputTokens,
    createdAt: Math.floor(ports.now() / 1_000),
  });
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
