import type { BodyEdit } from '@bytespike/contracts';
import { assert } from '@bytespike/kernel';

import { joinBytes } from '../held-record.js';
import type { PeekedBody } from './peeked-body.js';

/** The first edit the raw lane permits: the vendor's name of the model. Undefined when the body already says it. */
export function renameModel(peeked: PeekedBody, upstreamModel: string): BodyEdit | undefined {
  const { model } = peeked;
  if (model === undefined) return undefined;
  const prefix = model.value.startsWith('models/') ? 'models/' : '';
  const name = `${prefix}${upstreamModel}`;
  return model.value === name ? undefined : { at: model.at, length: model.length, text: JSON.stringify(name) };
}

/** The second one: asks for the usage report of a stream. Undefined when the vendor reports it anyway. */
export const askForUsage = ({ includeUsage }: PeekedBody): BodyEdit | undefined =>
  includeUsage.state === 'askable' ? includeUsage.edit : undefined;

export interface RawLaneEdits {
  readonly edits: BodyEdit[];
  /** A usage report that only we asked for is kept from the client. */
  readonly usageChunk: 'pass' | 'withhold';
}

/** The only edits a raw request may have (ADR 0005). */
export function rawLaneEdits(peeked: PeekedBody, upstreamModel: string): RawLaneEdits {
  const usage = askForUsage(peeked);
  const edits = [renameModel(peeked, upstreamModel), usage].filter((edit) => edit !== undefined);
  return { edits, usageChunk: usage ? 'withhold' : 'pass' };
}

const encoder = new TextEncoder();

/** Splices `edits` into a body; every other byte stays what and where it was, relative to its neighbours. */
export function applyEdits(bytes: Uint8Array, edits: readonly BodyEdit[]): Uint8Array {
  if (edits.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let total = 0;
  let from = 0;
  const add = (part: Uint8Array): void => {
    parts.push(part);
    total += part.length;
  };
  for (const edit of [...edits].sort((one, other) => one.at - other.at)) {
    assert(edit.at >= from && edit.length >= 0 && edit.at + edit.length <= bytes.length, 'edits lie apart and within');
    add(bytes.subarray(from, edit.at));
    add(encoder.encode(edit.text));
    from = edit.at + edit.length;
  }
  add(bytes.subarray(from));
  return joinBytes(parts, total);
}
