import type { CallContext, ClientFor, generation, Outcome } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';
import type { Exchange } from '@bytespike/protocols';

import type { TranslationInput } from './exchange-options.js';
import { cancelledBetween, failuresIn, joinRounds } from './outcomes.js';
import type { AnswerPorts, Pump } from './pump.js';
import { createStreamPump } from './stream-pump.js';
import { vendorCall } from './vendor-call.js';
import { warningsOf } from './warnings.js';
import { createWholePump } from './whole-pump.js';

export interface Asking extends AnswerPorts {
  readonly input: TranslationInput;
  readonly context: CallContext;
  readonly generation: ClientFor<typeof generation>;
}

/**
 * Asks the vendor and pumps its answer on. A vendor that pauses is asked again, a few times, and the client sees one
 * answer (protocols 2.9). The outcome is the adapter's, of all rounds together, unless what came does not decode.
 */
export async function answerInRounds(exchange: Exchange, asking: Asking): Promise<Outcome> {
  const { input, context } = asking;
  const broken = new AbortController();
  const pump = openPump(exchange, asking, broken);
  const signal = AbortSignal.any([context.signal, broken.signal]);
  let body = exchange.body;
  let earlier: Outcome | undefined;
  for (;;) {
    // A round that served is no failed attempt, and takes none of those that are left.
    const attemptsLeft = Math.max(1, input.attemptsLeft - failuresIn(earlier));
    const ended = await pump.finish(await askVendor({ body, attemptsLeft }, pump, asking, signal));
    const outcome = earlier ? joinRounds(earlier, ended, pump.sent()) : ended;
    const continuation = outcome.ending === 'complete' ? await pump.next() : undefined;
    if (!continuation) return outcome;
    if (context.signal.aborted) return cancelledBetween(outcome, pump.sent());
    earlier = outcome;
    body = continuation.body;
  }
}

function openPump(exchange: Exchange, { input, sink, lost, keep }: Asking, broken: AbortController): Pump {
  const ports = { sink, lost, keep };
  const rounds = LIMITS.answerRoundsMax;
  return input.stream
    ? createStreamPump({
        ...ports,
        translated: exchange.stream(rounds),
        warnings: warningsOf(exchange.losses),
        broken,
      })
    : createWholePump({ ...ports, translated: exchange.whole(rounds), losses: exchange.losses });
}

async function askVendor(
  { body, attemptsLeft }: { readonly body: string; readonly attemptsLeft: number },
  pump: Pump,
  { input, context, generation }: Asking,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome = await generation.run(vendorCall(input, { body, stream: input.stream, attemptsLeft }), pump.sink, {
    requestId: context.requestId,
    deadline: context.deadline,
    signal,
  });
  return input.clientProtocol === input.target.protocol ? outcome : withoutVerbatim(outcome);
}

/** A vendor's own error body is in its own dialect, which this client does not read. */
function withoutVerbatim(outcome: Outcome): Outcome {
  if (!outcome.failure?.verbatim) return outcome;
  const { verbatim: _verbatim, ...failure } = outcome.failure;
  return { ...outcome, failure };
}
