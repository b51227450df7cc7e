import { setTimeout as delay } from 'node:timers/promises';

import type { CallContext, KeptAsset, PictureNews, RenderReport, SubmitOutcome } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { AssetReference, Rendered, RenderStatus } from '@bytespike/media';

import type { Credential } from '../../domain/credential-choice.js';
import { copyAsset, type Copied } from '../assets/copy-asset.js';
import { failureOf } from '../failure-of.js';
import type { MediaPorts } from '../media-ports.js';
import type { Destination } from '../media-wire.js';

/** The pictures of one create, among all that are drawn for its work. */
export interface Drawing {
  readonly workId: string;
  /** The place of its first picture. */
  readonly firstIndex: number;
  /** How many it asks for. A vendor that sends more has not been paid for them, and their places are others'. */
  readonly count: number;
  /** Told of every picture as soon as it lies in the store. */
  readonly tell: (news: PictureNews) => Promise<void>;
}

export interface DrawnWith {
  readonly to: Destination;
  readonly credential: Credential;
  readonly drawing: Drawing;
  readonly context: CallContext;
}

/**
 * A picture has been paid for, and its address is good for a day: a vendor's store that stumbles is asked again for as long
 * as somebody who waits for the picture may bear.
 */
const COPY_PAUSES_MS: readonly number[] = [0, 250, 1_000, 3_000];

/** Puts one picture into the store. */
export async function keepPicture(
  asset: AssetReference,
  slot: string,
  { to, credential, drawing, context }: DrawnWith,
  ports: MediaPorts,
): Promise<Copied> {
  const request = {
    to,
    credential,
    asset,
    slot: { workId: drawing.workId, target: to.target, slot },
    signal: context.signal,
  };
  let copied = await copyAsset(request, ports);
  for (const pauseMs of COPY_PAUSES_MS) {
    if (copied.type === 'kept' || copied.isGone || context.signal.aborted) break;
    await delay(pauseMs, undefined, { signal: context.signal }).catch(() => undefined);
    if (!context.signal.aborted) copied = await copyAsset(request, ports);
  }
  return copied;
}

/** A create that has brought all that it will, or nothing. */
export type Finished = Extract<SubmitOutcome['submitted'], { type: 'finished' }>;

/** What a finished draw has brought, all of it in the store; pictures that could not be had are none. */
export async function keptPictures(
  status: RenderStatus & { readonly state: 'succeeded' },
  by: DrawnWith,
  ports: MediaPorts,
): Promise<Finished> {
  const copies = await Promise.all(
    status.assets.slice(0, by.drawing.count).map(async (asset, index): Promise<Copied> => {
      const at = by.drawing.firstIndex + index;
      const copied = await keepPicture(asset, String(at), by, ports).catch(notKept);
      if (copied.type === 'kept') await by.drawing.tell({ type: 'completed', index: at, asset: copied.asset });
      return copied;
    }),
  );
  const kept = copies.flatMap((copy) => (copy.type === 'kept' ? [copy.asset] : []));
  const failed = copies.find((copy) => copy.type === 'failed');
  if (kept.length === 0 && failed)
    return { type: 'finished', report: { state: 'failed', word: 'not copied', failure: failed.failure } };
  const report = drawnReport(kept, status.rendered, status.word);
  const revised = copies.flatMap((copy, index) => {
    const prompt = status.revisedPrompts?.[index];
    return copy.type === 'kept' && typeof prompt === 'string' ? [[copy.asset.name, prompt] as const] : [];
  });
  return { type: 'finished', report, ...(revised.length > 0 && { revisedPrompts: Object.fromEntries(revised) }) };
}

export const drawnReport = (
  kept: readonly KeptAsset[],
  rendered: Rendered,
  word: string,
): RenderReport & { state: 'succeeded' } => ({
  state: 'succeeded',
  word,
  assets: kept.map((asset) => ({ from: 'store', asset })),
  rendered: { ...rendered, images: kept.length },
});

/** A store that failed loses the picture, not the others. */
const notKept = (thrown: unknown): Copied => ({
  type: 'failed',
  failure: failureOf(GatewayError.from(thrown)),
  isGone: false,
});
