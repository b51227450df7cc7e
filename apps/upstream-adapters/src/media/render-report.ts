import type { Failure, MadeAsset, RenderReport } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { AssetReference, RenderStatus } from '@bytespike/media';
import type { VendorFailure } from '@bytespike/protocols';
import { metrics } from '@bytespike/telemetry';

import { inlineBody, keepAsset, type AssetSlot } from './assets/keep-asset.js';
import { failureOf } from './failure-of.js';
import type { MediaPorts } from './media-ports.js';

/** More than any vendor makes in one render. */
const ASSETS_MAX = 16;

/** A vendor's status as others may know it: what came inside the answer is put into the store first. */
export async function renderReport(
  status: RenderStatus,
  work: Omit<AssetSlot, 'slot'>,
  ports: MediaPorts,
): Promise<RenderReport> {
  if (status.state === 'succeeded') return succeededReport(status, work, ports);
  if (status.state === 'failed' || status.state === 'expired')
    return { state: status.state, word: status.word, failure: failureOf(status.failure) };
  if (status.state !== 'unknown') return status;
  const { word, failure, attention } = status;
  const { vendor, model } = work.target;
  if (!failure) metrics.mediaUnknownWords.inc({ vendor, model });
  return { state: 'unknown', word, attention, ...(failure && { failure: failureOf(failure) }) };
}

/** A store that cannot do its work throws; what came and is nothing of the kind is a render that has failed. */
async function succeededReport(
  { word, assets, rendered }: RenderStatus & { readonly state: 'succeeded' },
  work: Omit<AssetSlot, 'slot'>,
  ports: MediaPorts,
): Promise<RenderReport> {
  try {
    const made: MadeAsset[] = [];
    for (const asset of assets.slice(0, ASSETS_MAX))
      made.push(await claimed(asset, { ...work, slot: String(made.length) }, ports));
    return { state: 'succeeded', word, assets: made, rendered };
  } catch (thrown) {
    const { traits, message } = GatewayError.from(thrown);
    if (traits.fault === 'gateway') throw thrown;
    return { state: 'failed', word, failure: { kind: 'upstream-garbled', message } };
  }
}

/** Large values stay off the bus: a place in the store stands for them. */
async function claimed(asset: AssetReference, slot: AssetSlot, ports: MediaPorts): Promise<MadeAsset> {
  if (asset.from !== 'inline') return asset;
  return { from: 'store', asset: await keepAsset(slot, inlineBody(asset.base64), ports) };
}

/** No answer is no verdict (media-ledger-reliability 1.6). */
export const noAnswer = (failure: VendorFailure): RenderReport => ({
  state: 'unknown',
  word: 'no answer',
  failure: failureOf(failure),
  attention: 'none',
});

/** A render belongs to the account that submitted it, and no other can ask for it. */
export const LOST_CREDENTIAL: RenderReport = {
  state: 'unknown',
  word: 'not asked',
  failure: { kind: 'upstream-credential', message: 'the channel has the credential of this render no longer' },
  attention: 'operator',
};

/** What a report says went wrong; undefined where nothing did. */
export function failureIn(report: RenderReport): Failure | undefined {
  if (report.state === 'failed' || report.state === 'expired' || report.state === 'unknown') return report.failure;
  return undefined;
}
