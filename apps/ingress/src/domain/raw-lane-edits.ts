import type { BodyEdit } from '@bytespike/contracts';
import { askForUsage, renameModel, type PeekedBody } from '@bytespike/protocols';

export interface RawLaneEdits {
  readonly edits: BodyEdit[];
  /** A usage report that only we asked for is kept from the client. */
  readonly usageChunk: 'pass' | 'withhold';
}

/** The only edits a raw request may have (ADR 0005): the vendor's name of the model, and asking a stream for its usage. */
export function rawLaneEdits(peeked: PeekedBody, upstreamModel: string): RawLaneEdits {
  const usage = askForUsage(peeked);
  const edits = [renameModel(peeked, upstreamModel), usage].filter((edit) => edit !== undefined);
  return { edits, usageChunk: usage ? 'withhold' : 'pass' };
}
