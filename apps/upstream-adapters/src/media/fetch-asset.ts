import { setTimeout as delay } from 'node:timers/promises';

import type { CallContext, media, StreamFunction } from '@bytespike/contracts';

import { copyAsset, type Copied } from './assets/copy-asset.js';
import { credentialNamed } from './calls/ask-vendor.js';
import type { MediaPorts } from './media-ports.js';
import { destinationOf } from './media-wire.js';

type Fetch = StreamFunction<(typeof media)['fetch']>;

/** Copies what was made into the store, as one file or not at all. What lies there already is answered as it is. */
export async function fetchAsset(
  { input: { workId, target, credentialId, asset, index } }: Parameters<Fetch>[0],
  context: CallContext,
  ports: MediaPorts,
): Promise<Copied> {
  if (asset.from === 'store') return { type: 'kept', asset: asset.asset };
  const to = destinationOf(target, ports.channels);
  const credential = await credentialNamed(credentialId, to, ports);
  if (!credential && asset.from === 'vendor') return LOST;
  const slot = { workId, target, slot: String(index) };
  const { signal } = context;
  const copy = (): Promise<Copied> => copyAsset({ to, credential, asset, slot, signal }, ports);
  const copied = await copy();
  if (copied.type === 'kept' || !copied.isGone) return copied;
  // What has just been made may not be there yet at all of its vendor's machines; nobody ends a paid render by one answer.
  await delay(SETTLING_MS, undefined, { signal }).catch(() => undefined);
  return signal.aborted ? { ...copied, isGone: false } : copy();
}

const SETTLING_MS = 1_000;

const LOST: Copied = {
  type: 'failed',
  failure: { kind: 'upstream-credential', message: 'the channel has the credential of this render no longer' },
  isGone: false,
};
