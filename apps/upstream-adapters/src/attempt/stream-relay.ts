import type { StreamHead, StreamSink } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { MeterReading, StreamReader } from '@bytespike/protocols';

/** What a vendor may say before its first content; longer greetings are sent on before it. */
const PREAMBLE_BYTES_MAX = 1024 * 1024;

export interface StreamRelayOptions {
  readonly reader: StreamReader;
  readonly sink: StreamSink<StreamHead>;
  readonly head: StreamHead;
  /** `withhold`: the usage report was asked for by us and goes no further. */
  readonly usageChunk: 'pass' | 'withhold';
  readonly onContent: () => void;
}

/**
 * Passes a vendor's stream on, whole records at a time and byte for byte. Whole, because whoever follows may put a
 * keep-alive or an error between two frames. Nothing is passed before the first content, so a vendor that fails until
 * then has never been heard of.
 */
export interface StreamRelay {
  /** Throws, or rejects with, the failure that the vendor has told in its stream. */
  data(chunk: Uint8Array): void | Promise<void>;
  /** The bytes have ended without a transport error. */
  end(): Promise<void>;
  contentSent(): boolean;
  /** What was read, with the output that the caller has accepted. */
  reading(): MeterReading;
}

export function createStreamRelay({ reader, sink, head, usageChunk, onContent }: StreamRelayOptions): StreamRelay {
  const { splitter, meter } = reader;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let open = false;
  let accepted = 0;

  const send = (bytes: Uint8Array): void | Promise<void> => {
    const units = meter.delivered();
    const count = (): void => {
      accepted = units;
    };
    const taken = sink.data(bytes);
    return taken === undefined ? count() : taken.then(count);
  };
  const openWith = (records: readonly Uint8Array[]): void | Promise<void> => {
    open = true;
    onContent();
    const first = Buffer.concat([...held, ...records]);
    held = [];
    const ready = sink.head(head);
    return ready === undefined ? send(first) : ready.then(() => send(first));
  };
  const pass = (records: Uint8Array[], chunk: Uint8Array): void | Promise<void> => {
    if (records.length === 0) return;
    const [only] = records;
    if (records.length === 1 && only) return send(only);
    const total = records.reduce((sum, record) => sum + record.length, 0);
    // A chunk that held whole records and nothing else is passed as it came.
    return send(total === chunk.length && only?.buffer === chunk.buffer ? chunk : Buffer.concat(records, total));
  };

  return {
    data(chunk) {
      const records: Uint8Array[] = [];
      let content = false;
      let failed = false;
      splitter.push(chunk, (record) => {
        if (failed) return;
        const sign = meter.record(record);
        if (sign === 'failure') failed = true;
        else if (sign !== 'report' || usageChunk === 'pass') records.push(record);
        content ||= sign === 'content';
      });
      if (failed) {
        const failure = failureOf(meter.reading());
        const passed = open ? pass(records, chunk) : undefined;
        if (passed === undefined) throw failure;
        return passed.then(() => Promise.reject(failure));
      }
      if (open) return pass(records, chunk);
      if (content) return openWith(records);
      for (const record of records) {
        held.push(record);
        heldBytes += record.length;
      }
      if (heldBytes > PREAMBLE_BYTES_MAX) return openWith([]);
    },
    async end() {
      const rest = splitter.rest();
      // Some vendors leave out the last blank line; a record cut short reads as broken and is dropped.
      if (rest.length > 0 && !meter.reading().ended) meter.record(rest);
      const { ended } = meter.reading();
      if (!ended) return;
      if (!open) await openWith(rest.length > 0 ? [rest] : []);
      else if (rest.length > 0) await send(rest);
    },
    contentSent: () => open,
    reading: () => ({ ...meter.reading(), deliveredOutput: accepted }),
  };
}

/** The vendor's failure as an error that closes the exchange. */
const failureOf = ({ failure }: MeterReading): GatewayError =>
  new GatewayError(failure?.kind ?? 'upstream-garbled', failure?.message ?? 'the stream makes no sense', {
    retryAfterMs: failure?.retryAfterMs,
  });
