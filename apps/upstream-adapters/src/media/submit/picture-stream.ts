import type { KeptAsset, RenderReport } from '@bytespike/contracts';
import { GatewayError, tryParseJson, type JsonValue } from '@bytespike/kernel';
import type { PictureEvent, Rendered } from '@bytespike/media';
import { createSseSplitter, readSseRecord, type VendorFailure } from '@bytespike/protocols';

import type { Copied } from '../assets/copy-asset.js';
import { failureOf } from '../failure-of.js';
import type { MediaPorts } from '../media-ports.js';
import { drawnReport, keepPicture, type DrawnWith } from './kept-pictures.js';

/** A vendor's stream of pictures: each is put into the store and told of before the next is read. */
export interface PictureStream {
  data(chunk: Uint8Array): Promise<void>;
  /** The stream has ended well; some vendors leave out its last blank line. */
  end(): Promise<void>;
  /** What has come of it so far; undefined when that is nothing at all. */
  report(): RenderReport | undefined;
}

export function createPictureStream(
  read: (record: JsonValue) => PictureEvent | undefined,
  by: DrawnWith,
  ports: MediaPorts,
): PictureStream {
  const { firstIndex, count, tell } = by.drawing;
  const splitter = createSseSplitter();
  const kept: KeptAsset[] = [];
  let partials = 0;
  let rendered: Rendered = {};
  let failure: VendorFailure | undefined;

  const notKept = (copied: Copied & { type: 'failed' }): void => {
    failure ??= copied.failure;
  };
  const take = async (event: PictureEvent): Promise<void> => {
    if (event.type === 'failed') {
      failure ??= event.failure;
      return;
    }
    if (kept.length >= count) return;
    const index = event.type === 'partial' ? event.index : firstIndex + kept.length;
    // A name of its own for each: whoever was told of one still reads it when the next comes.
    const slot = event.type === 'partial' ? `${firstIndex}-partial-${(partials += 1)}` : String(index);
    const copied = await keepPicture(event.asset, slot, by, ports);
    if (copied.type === 'failed') return event.type === 'completed' ? notKept(copied) : undefined;
    if (event.type === 'completed') {
      kept.push(copied.asset);
      rendered = { ...rendered, ...event.rendered };
    }
    await tell({ type: event.type, index, asset: copied.asset });
  };

  const takeRecord = async (record: Uint8Array): Promise<void> => {
    const { data } = readSseRecord(record);
    const value = data === undefined ? undefined : tryParseJson(data);
    const event = value === undefined ? undefined : read(value);
    if (event) await take(event);
  };

  return {
    async data(chunk) {
      const records: Uint8Array[] = [];
      splitter.push(chunk, (record) => records.push(record));
      for (const record of records) await takeRecord(record);
    },
    end: () => takeRecord(splitter.rest()),
    report() {
      if (kept.length > 0) return drawnReport(kept, rendered, 'streamed');
      return failure && { state: 'failed', word: 'error', failure: failureOf(failure) };
    },
  };
}

/** A stream that ended well and brought nothing. */
export const emptyStream = (): RenderReport => {
  const { kind, message } = new GatewayError('upstream-garbled', 'the stream holds no picture');
  return { state: 'failed', word: 'no pictures', failure: { kind, message } };
};
