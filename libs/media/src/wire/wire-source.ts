import { assert } from '@bytespike/kernel';

import type { MediaSource } from '../requests/media-source.js';

/** How a wire takes an input: as an address or as base64 inside JSON, or as a file of a form. */
export type InputForm = 'address' | 'inline' | 'file';

/** An input as one string, for wires that take an address and a data URL in the same place. */
export function asAddress(source: MediaSource): string {
  if (source.type === 'address') return source.url;
  const { mediaType, base64 } = inlined(source);
  return `data:${mediaType};base64,${base64}`;
}

/** An input as bytes, for wires that fetch nothing. Whoever calls has fetched them before (`MediaVendor.inputs`). */
export function inlined(source: MediaSource): { readonly mediaType: string; readonly base64: string } {
  assert(source.type === 'inline', 'inputs are fetched before a wire that takes bytes is written');
  return source;
}
