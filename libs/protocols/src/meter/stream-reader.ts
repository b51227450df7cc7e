import type { CodeTable } from '../errors/classify.js';
import type { RecordSplitter } from '../held-record.js';
import { createListSplitter } from '../json-list.js';
import { createSseSplitter } from '../sse.js';
import type { StreamMeter, WireMeter } from './wire-meter.js';

/** How a stream is written: as server-sent events, or as one JSON list of the same chunks. */
export type StreamForm = 'events' | 'list';

/** Cuts a stream into the records that its meter reads. */
export interface StreamReader {
  readonly splitter: RecordSplitter;
  readonly meter: StreamMeter;
}

/** A reader of a wire's streams; one whose vendors write no lists reads everything as events. */
export const openStreamReader = (
  { stream, list }: WireMeter,
  form: StreamForm,
  vendorCodes: CodeTable = {},
): StreamReader =>
  form === 'list' && list
    ? { splitter: createListSplitter(), meter: list(vendorCodes) }
    : { splitter: createSseSplitter(), meter: stream(vendorCodes) };
