import type { Hold, HoldRequest } from '@bytespike/contracts';
import type { GatewayError, ProtocolName } from '@bytespike/kernel';
import { openStreamReader, WIRES, type StreamForm } from '@bytespike/protocols';

import { wantedOutput } from './domain/hold-request.js';
import type { Cut } from './domain/request-outcome.js';
import type { TargetAnswer } from './http/target-answer.js';
import { openBudget, type BudgetPorts, type Budgeted } from './output-budget.js';

/** An answer whose output is paid for as it comes. */
export interface WatchedAnswer extends TargetAnswer {
  /** Undefined while, and where, nothing had to be ended. */
  cut(): Cut | undefined;
}

export interface Watched extends Budgeted {
  readonly protocol: ProtocolName;
  readonly form: StreamForm;
  /** Ends the calls behind the answer: nobody should make what nobody can pay for. */
  readonly abort: (reason: GatewayError) => void;
}

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
export function watchedAnswer(watched: Watched, answer: TargetAnswer, ports: BudgetPorts): WatchedAnswer {
  const budget = openBudget(watched, ports);
  const read = recordMarks(watched);
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
      const held = budget.held();
      const beyond = marks.find(({ said }) => said > held);
      const within = beyond && marks.findLast(({ said }) => said <= held);
      const to = beyond ? (within?.end ?? 0) : bytes.length;
      if (to > from) await pass(bytes.subarray(from, to), (beyond ? within : marks.at(-1))?.said ?? passed);
      if (!beyond) return;
      from = Math.max(from, to);
      const refused = await budget.growBeyond(held);
      if (!refused) continue;
      // Whoever was asked for has left, or we are going down: nobody's money has ended it.
      if (refused.kind === 'cancelled') return;
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
function recordMarks({ protocol, form }: Pick<Watched, 'protocol' | 'form'>): (bytes: Uint8Array) => readonly Mark[] {
  const { splitter, meter } = openStreamReader(WIRES[protocol].meter, form);
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
