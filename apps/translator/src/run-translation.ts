import type {
  CallContext,
  ClientFor,
  generation,
  Outcome,
  StreamHead,
  StreamRequest,
  StreamSink,
} from '@bytespike/contracts';
import { findRefusedLoss, refuseLosses, type Loss } from '@bytespike/ir';
import type { ProtocolName } from '@bytespike/kernel';
import { readExchange, type Exchange, type Memory } from '@bytespike/protocols';

import { answerInRounds } from './answer-in-rounds.js';
import { exchangeOptions, type ExchangePorts, type TranslationInput } from './exchange-options.js';
import { inPlaceOf } from './outcomes.js';
import type { ReasoningMemory } from './reasoning/reasoning-memory.js';

export interface TranslationPorts extends ExchangePorts {
  readonly generation: ClientFor<typeof generation>;
  readonly memory: ReasoningMemory;
  /** Told of what every request and every answer loses, refused or not. */
  lost(losses: readonly Loss[], where: { readonly clientProtocol: ProtocolName; readonly vendor: string }): void;
}

const decoder = new TextDecoder();

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
  const { accountId, clientProtocol, target, policy, allow } = input;
  const exchange = await openWithMemory(decoder.decode(body), input, ports);
  const lost = (losses: readonly Loss[]): void => ports.lost(losses, { clientProtocol, vendor: target.vendor });
  lost(exchange.losses);
  refuseLosses(exchange.losses, { policy, allow }, `${target.model} at ${target.vendor}`);

  const keep = (memories: readonly Memory[]) => memory.keep(accountId, memories);
  const asking = { input, context, generation, lost, keep, sink };
  const outcome = await answerInRounds(exchange, asking);
  const bare = withoutRefusedState(exchange, outcome, input);
  if (!bare) return outcome;
  lost(bare.losses.filter(({ code }) => code === 'L40'));
  const attemptsLeft = input.attemptsLeft - outcome.attempts.length;
  return inPlaceOf(outcome, await answerInRounds(bare, { ...asking, input: { ...input, attemptsLeft } }));
}

/**
 * The request again, once, where its vendor says before anything else that it cannot verify the state in it (T41): that
 * was signed where we could not know. A caller who permits no such loss is told what the vendor said.
 */
function withoutRefusedState(
  exchange: Exchange,
  { failure, contentStarted, attempts }: Outcome,
  { policy, allow, attemptsLeft }: TranslationInput,
): Exchange | undefined {
  if (failure?.kind !== 'upstream-refused' || contentStarted || attempts.length >= attemptsLeft) return undefined;
  const bare = exchange.afterRefusal(failure.message);
  return bare && !findRefusedLoss(bare.losses, { policy, allow }) ? bare : undefined;
}

/** The exchange with what its client did not send back of earlier reasoning. Almost no request asks for any. */
async function openWithMemory(body: string, input: TranslationInput, ports: TranslationPorts): Promise<Exchange> {
  const reading = readExchange(body, exchangeOptions(input, ports));
  const { forgotten } = reading;
  return reading.open(forgotten.length === 0 ? new Map() : await ports.memory.recall(input.accountId, forgotten));
}
