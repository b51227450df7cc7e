import type { billing, CallContext, ClientFor, Hold, HoldRequest } from '@bytespike/contracts';
import { GatewayError, type ProtocolName } from '@bytespike/kernel';
import { createSseSplitter, WIRES } from '@bytespike/protocols';
import { metrics } from '@bytespike/telemetry';

import { wantedOutput } from './domain/hold-request.js';
import type { Cut } from './domain/request-outcome.js';
import type { TargetAnswer } from './http/target-answer.js';

/** An answer whose output is paid for as it comes. */
export interface WatchedAnswer extends TargetAnswer {
  /** Undefined while, and where, nothing had to be ended. */
  cut(): Cut | undefined;
}

export interface Watched {
  readonly protocol: ProtocolName;
  readonly request: HoldRequest;
  readonly hold: Pick<Hold, 'maxOutputTokens'>;
  readonly context: CallContext;
  /** Ends the calls behind the answer: nobody should make what nobody can pay for. */
  readonly abort: (reason: GatewayError) => void;
}

export interface WatchPorts {
  readonly billing: Pick<ClientFor<typeof billing>, 'extend'>;
}

/** Contract 0.5: more is asked for when this much of what is held has been delivered. */
const ASK_AT_PERCENT = 80;

/** Whether a stream has started with less output than was asked for. */
export const hasStartedShort = ({ maxOutputTokens }: Pick<Hold, 'maxOutputTokens'>, request: HoldRequest): boolean =>
  request.stream && maxOutputTokens < wantedOutput(request);

/**
 * The answer of a stream that started short (ADR 0018). What the client is given is counted by the meter of its own
 * dialect. At four fifths of what is held the ledger is asked for more while the stream flows on; what lies beyond the
 * hold waits for its word, and when that is no, the stream is ended.
 */
export function watchedAnswer(watched: Watched, answer: TargetAnswer, ports: WatchPorts): WatchedAnswer {
  const { request, context, abort } = watched;
  const wanted = wantedOutput(request);
  const meter = WIRES[watched.protocol].meter.stream({});
  const splitter = createSseSplitter();
  let held = watched.hold.maxOutputTokens;
  let passed = 0;
  let asking: Promise<void> | undefined;
  /** Of what is held now; the first ask of it, which nobody waits for. */
  let isAskedFor = false;
  let refused: GatewayError | undefined;
  let cut: Cut | undefined;

  const extend = async (): Promise<void> => {
    try {
      const { maxOutputTokens } = await ports.billing.extend(request, context);
      isAskedFor = maxOutputTokens <= held;
      held = Math.max(held, maxOutputTokens);
      metrics.holdExtensions.inc({ result: 'extended' });
    } catch (thrown) {
      refused = GatewayError.from(thrown);
      metrics.holdExtensions.inc({ result: refused.kind });
    } finally {
      asking = undefined;
    }
  };
  const ask = (): Promise<void> => {
    isAskedFor = true;
    return (asking ??= extend());
  };
  const pass = (bytes: Uint8Array, said: number): void | Promise<void> => {
    passed = said;
    return answer.data(bytes);
  };
  const afterAnswer = async (bytes: Uint8Array, said: number): Promise<void> => {
    await asking;
    while (said > held && held < wanted) {
      const before = held;
      await ask();
      if (held > before) continue;
      const reason = refused ?? new GatewayError('unavailable', 'the ledger has extended a hold by nothing');
      cut = { reason, deliveredOutput: passed };
      abort(reason);
      return;
    }
    await pass(bytes, said);
  };

  return {
    ...answer,
    cut: () => cut,
    data: (bytes) => {
      if (cut) return undefined;
      splitter.push(bytes, (record) => void meter.record(record));
      const said = meter.delivered();
      if (held >= wanted || said * 100 < held * ASK_AT_PERCENT) return pass(bytes, said);
      if (said > held) return afterAnswer(bytes, said);
      if (!isAskedFor) void ask();
      return pass(bytes, said);
    },
  };
}
