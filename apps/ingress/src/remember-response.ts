import type { ClientFor, storedResponses, StreamSink } from '@bytespike/contracts';
import { GatewayError, LIMITS } from '@bytespike/kernel';
import { createSseSplitter, isFinalRecord } from '@bytespike/protocols';
import { metrics, type Logger } from '@bytespike/telemetry';

import type { GenerationCall } from './generation-call.js';
import type { TargetAnswer } from './http/target-answer.js';
import type { Timings } from './http/timings.js';

export interface RememberPorts {
  readonly storedResponses: Pick<ClientFor<typeof storedResponses>, 'remember'>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly timings: Timings;
}

/**
 * An answer that its client may come back to. The bytes pass as they come but for the end of them, which waits until
 * the response is kept: who knows a response by its id finds it. The same on both lanes, because ingress alone sees
 * the client's bytes both ways. A call that declines to be stored gets its answer back as it was.
 */
export function rememberingAnswer(call: GenerationCall, answer: TargetAnswer, ports: RememberPorts): TargetAnswer {
  const { protocol, operation, peeked, stream } = call;
  if (protocol !== 'openai-responses' || operation !== 'generate' || peeked.declinesStore) return answer;
  return stream ? rememberingStream(call, answer, ports) : rememberingWhole(call, answer, ports);
}

function rememberingWhole(call: GenerationCall, answer: TargetAnswer, ports: RememberPorts): TargetAnswer {
  let pieces: Uint8Array[] = [];
  return {
    ...answer,
    head: (head) => {
      pieces = [];
      return answer.head(head);
    },
    data: (bytes) => {
      pieces.push(bytes);
      return answer.data(bytes);
    },
    complete: async () => {
      await remember(call, { bytes: pieces, form: 'body' }, ports);
      await answer.complete();
    },
  };
}

/**
 * A client reads a record when its last byte is there, so a piece passes at once up to the final record, and only what
 * is left of that one waits.
 */
function rememberingStream(call: GenerationCall, answer: TargetAnswer, ports: RememberPorts): TargetAnswer {
  let splitter = createSseSplitter();
  let received = 0;
  let recorded = 0;

  const withhold = async (bytes: Uint8Array, record: Uint8Array, from: number): Promise<void> => {
    if (from > 0) await answer.data(bytes.subarray(0, from));
    await remember(call, { bytes: [record], form: 'record' }, ports);
    await answer.data(bytes.subarray(from));
  };

  return {
    ...answer,
    head: (head) => {
      splitter = createSseSplitter();
      received = 0;
      recorded = 0;
      return answer.head(head);
    },
    data: (bytes) => {
      const pieceAt = received;
      received += bytes.length;
      let final: { readonly record: Uint8Array; readonly from: number } | undefined;
      splitter.push(bytes, (record) => {
        const from = Math.max(0, recorded - pieceAt);
        recorded += record.length;
        if (isFinalRecord(record)) final ??= { record, from };
      });
      return final ? withhold(bytes, final.record, final.from) : answer.data(bytes);
    },
  };
}

interface Told {
  readonly bytes: readonly Uint8Array[];
  readonly form: 'body' | 'record';
}

const NO_FRAMES: StreamSink<object> = { head: () => undefined, data: () => undefined };
/** A client that leaves with its answer in hand may still come back to it. */
const NEVER = new AbortController().signal;

async function remember(call: GenerationCall, told: Told, ports: RememberPorts): Promise<void> {
  const { storedResponses, logger, timings } = ports;
  const { requestId, keyId, clientBody } = call;
  const result = await keep().catch((thrown: unknown) => {
    logger.warn({ requestId, kind: GatewayError.from(thrown).kind }, 'a response was not kept');
    return 'lost' as const;
  });
  metrics.storedResponses.inc({ result });

  async function keep(): Promise<'kept' | 'too-large' | 'unreadable'> {
    const body = Buffer.concat([clientBody, ...told.bytes]);
    if (body.length > LIMITS.storedResponseBytesMax) return 'too-large';
    const outcome = await storedResponses.remember(
      { input: { keyId, requestBytes: clientBody.length, answer: told.form }, body },
      NO_FRAMES,
      { requestId, deadline: Date.now() + timings.rememberMs, signal: NEVER },
    );
    return outcome.result;
  }
}
