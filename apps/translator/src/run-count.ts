import { findVendor } from '@bytespike/catalog';
import type { CallContext, Outcome, StreamHead, StreamRequest, StreamSink, Target } from '@bytespike/contracts';
import { GatewayError, LIMITS } from '@bytespike/kernel';
import { countAnswer, estimatedTokens, vendorQuestion, type VendorQuestion } from '@bytespike/protocols';

import { exchangeOptions, type TranslationInput } from './exchange-options.js';
import type { TranslationPorts } from './run-translation.js';
import { vendorCall } from './vendor-call.js';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Told to clients whose count is ours and not a vendor's (protocols 2.15). */
const ESTIMATE = { 'x-gw-estimate': 'true' } as const;

/**
 * How many tokens a client's request weighs at a target of another dialect: by the vendor's own counter where its wire
 * has one, else by our estimate, and the client is told which. A counter that fails is no reason to fail: the question
 * is free, and an estimate is a better answer than an error. Nothing is refused for what a translation would lose.
 */
export async function runCount(
  { input, body }: StreamRequest<TranslationInput>,
  sink: StreamSink<StreamHead>,
  context: CallContext,
  ports: TranslationPorts,
): Promise<Outcome> {
  const asked = decoder.decode(body);
  const { clientProtocol, target } = input;
  const question = questionFor(asked, input, ports);
  const counted = question ? await askVendor(question, input, context, ports) : { outcome: FREE, tokens: undefined };
  if (counted.outcome.ending === 'cancelled') return counted.outcome;
  const tokens = counted.tokens ?? estimatedTokens(clientProtocol, asked);
  await sink.head({
    status: 200,
    contentType: 'application/json',
    headers: counted.tokens === undefined ? ESTIMATE : {},
    servedBy: target.model,
    warnings: [],
  });
  await sink.data(encoder.encode(countAnswer(clientProtocol, tokens)));
  return { ...FREE, attempts: counted.outcome.attempts };
}

/** A count that was answered, by whomever: nothing was used. */
const FREE: Outcome = {
  ending: 'complete',
  usageSource: 'none',
  contentStarted: true,
  deliveredOutput: 0,
  attempts: [],
};

const countsTokens = ({ vendor, protocol }: Target): boolean =>
  findVendor(vendor)?.wires[protocol]?.count !== undefined;

/** `undefined` where nobody can be asked: no counter on the wire, or a request that its wire cannot hold at all. */
function questionFor(asked: string, input: TranslationInput, ports: TranslationPorts): VendorQuestion | undefined {
  if (!countsTokens(input.target)) return undefined;
  try {
    return vendorQuestion(asked, exchangeOptions(input, ports));
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.kind === 'unsupported') return undefined;
    throw thrown;
  }
}

interface Counted {
  readonly outcome: Outcome;
  /** Absent when the vendor did not say a number. */
  readonly tokens: number | undefined;
}

async function askVendor(
  question: VendorQuestion,
  input: TranslationInput,
  context: CallContext,
  { generation }: TranslationPorts,
): Promise<Counted> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const outcome = await generation.run(
    vendorCall(input, { body: question.body, stream: false, attemptsLeft: input.attemptsLeft }),
    {
      head: () => undefined,
      data: (bytes) => {
        length += bytes.length;
        // An answer that is one number is never this long; what is too long to be one is not read.
        if (length <= LIMITS.vendorErrorBytesMax) pieces.push(bytes);
      },
    },
    context,
  );
  const isWhole = outcome.ending === 'complete' && length <= LIMITS.vendorErrorBytesMax;
  return { outcome, tokens: isWhole ? question.read(decoder.decode(Buffer.concat(pieces))) : undefined };
}
