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

/** Where a record ends within a piece, and how much has been said by then. */
interface Mark {
  readonly end: number;
  readonly said: number;
}

/**
 * The answer of a stream that started short (ADR 0018). What the client is given is counted by the meter of its own
 * dialect. At four fifths of what is held the ledger is asked for more while the stream flows on; what lies beyond the
 * hold waits for its word, and when that is no, the stream is ended.
 */
export function watchedAnswer(watched: Watched, answer: TargetAnswer, ports: WatchPorts): WatchedAnswer {
  const budget = openBudget(watched, ports);
  const read = recordMarks(watched.protocol);
  let passed = 0;
  let cut: Cut | undefined;

  const pass = (bytes: Uint8Array, said: number): void | Promise<void> => {
    passed = said;
    return answer.data(bytes);
  };
  /** A piece of which not all is paid for: record by record as far as the hold goes, and on when it has grown. */
  const passByRecords = async (bytes: Uint8Array, marks: readonly Mark[]): Promise<void> => {
    let from = 0;
    for (;;) {
      const beyond = marks.find(({ said }) => said > budget.held());
      const within = beyond && marks.findLast(({ said }) => said <= budget.held());
      const to = beyond ? (within?.end ?? 0) : bytes.length;
      if (to > from) await pass(bytes.subarray(from, to), (beyond ? within : marks.at(-1))?.said ?? passed);
      if (!beyond) return;
      from = Math.max(from, to);
      const refused = await budget.growBeyond();
      if (!refused) continue;
      cut = { reason: refused, deliveredOutput: passed };
      watched.abort(refused);
      return;
    }
  };

  return {
    ...answer,
    cut: () => cut,
    data: (bytes) => {
      if (cut) return undefined;
      const marks = read(bytes);
      const said = marks.at(-1)?.said ?? passed;
      budget.hear(said);
      return said > budget.held() ? passByRecords(bytes, marks) : pass(bytes, said);
    },
  };
}

/** Counts what pieces of a stream say, record by record. */
function recordMarks(protocol: ProtocolName): (bytes: Uint8Array) => readonly Mark[] {
  const meter = WIRES[protocol].meter.stream({});
  const splitter = createSseSplitter();
  let received = 0;
  let recorded = 0;
  return (bytes) => {
    const marks: Mark[] = [];
    const pieceAt = received;
    received += bytes.length;
    splitter.push(bytes, (record) => {
      recorded += record.length;
      meter.record(record);
      marks.push({ end: recorded - pieceAt, said: meter.delivered() });
    });
    return marks;
  };
}

/** What is held for the output of a request, as it grows. */
interface Budget {
  /** Output that is paid for; without limit once all that was asked for is. */
  held(): number;
  /** Told how much has been said: where little is left, more is asked for, and nobody waits. */
  hear(said: number): void;
  /** Waits until more is held, or answers why not. */
  growBeyond(): Promise<GatewayError | undefined>;
}

function openBudget({ request, hold, context }: Watched, { billing }: WatchPorts): Budget {
  const wanted = wantedOutput(request);
  let held = hold.maxOutputTokens;
  let asking: Promise<GatewayError | undefined> | undefined;
  /** Of what is held now. */
  let isAskedFor = false;

  const extend = async (): Promise<GatewayError | undefined> => {
    const before = held;
    try {
      const { maxOutputTokens } = await billing.extend(request, context);
      held = Math.max(held, maxOutputTokens);
      isAskedFor = held === before;
      metrics.holdExtensions.inc({ result: 'extended' });
      return isAskedFor ? new GatewayError('unavailable', 'the ledger has extended a hold by nothing') : undefined;
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      metrics.holdExtensions.inc({ result: error.kind });
      return error;
    } finally {
      asking = undefined;
    }
  };
  const ask = (): Promise<GatewayError | undefined> => {
    isAskedFor = true;
    return (asking ??= extend());
  };

  return {
    held: () => (held < wanted ? held : Number.POSITIVE_INFINITY),
    hear: (said) => {
      if (!isAskedFor && held < wanted && said * 100 >= held * ASK_AT_PERCENT) void ask();
    },
    growBeyond: async () => {
      const before = held;
      await asking;
      // A refusal at four fifths is not the last word: money may have come since.
      return held > before ? undefined : ask();
    },
  };
}
