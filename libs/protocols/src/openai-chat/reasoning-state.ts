import type { Capsule, ReasoningPart } from '@bytespike/ir';

import type { WireReasoningDetail, WireToolCallDelta } from './schema.js';

const protocol = 'openai-chat' as const;
const FORMAT = 'bytespike-v1';
const TYPE = 'reasoning.encrypted';

/** Where in a message some reasoning stood: what had been said before it, and how many calls had been made. */
export interface Place {
  readonly said: 'nothing' | 'text';
  readonly calls: number;
}

/** State that a client hands back: how much of the shown reasoning it belongs to, and where that stood. */
export interface SealedReasoning extends Place {
  readonly data: string;
  readonly length: number;
}

/** A capsule's sealed form, where this wire's clients may be given it. */
export const sealedData = ({ origin, data }: Capsule): string | undefined =>
  origin.protocol === protocol && data !== '' ? data : undefined;

/**
 * This wire has no place for reasoning, and none for the order in which a message came about; the detail says both,
 * so that thinking goes back between the very texts and calls it came from.
 */
export const detailFromState = (
  { data, length, said, calls }: SealedReasoning,
  index: number,
): WireReasoningDetail => ({
  type: TYPE,
  id: `rs_${said === 'text' ? 1 : 0}_${calls}`,
  format: FORMAT,
  index,
  data,
  length,
});

const PLACE = /^rs_([01])_(\d{1,6})$/;

export function stateFromDetail({ type, id, data, length }: WireReasoningDetail): SealedReasoning | undefined {
  const place = typeof id === 'string' ? PLACE.exec(id) : null;
  if (type !== TYPE || !place || typeof data !== 'string' || data === '') return undefined;
  return {
    data,
    length: typeof length === 'number' && length > 0 ? length : 0,
    said: place[1] === '1' ? 'text' : 'nothing',
    calls: Number(place[2]),
  };
}

/** The signature that clients of another company's compatible endpoint keep on a call. */
export const signatureOf = (call: Pick<WireToolCallDelta, 'extra_content'>): string | undefined =>
  call.extra_content?.google?.thought_signature ?? undefined;

export const thoughtSignature = (data: string): Capsule => ({ origin: { protocol }, kind: 'thought-signature', data });

export const withSignature = (data: string) => ({ extra_content: { google: { thought_signature: data } } });

/** A part of reasoning on its way back, with the state under which it was made. */
export const sealedPart = (text: string, data: string): ReasoningPart => ({
  type: 'reasoning',
  visibility: text === '' ? 'redacted' : 'full',
  segments: text === '' ? [] : [text],
  capsules: [{ origin: { protocol }, kind: 'encrypted-content', data }],
});
