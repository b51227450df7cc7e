import { base64Of, linkToAsset, type AssetStore, type AssetUrls } from '@bytespike/assets';
import type { KeptAsset } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

/** How an answer carries a picture: by a link, or inside. */
export type Carrier = 'url' | 'b64_json';

export interface CarrierPorts {
  readonly assets: Pick<AssetStore, 'open'>;
  readonly assetUrls: AssetUrls;
  /** Aborted when nobody is left to carry anything to. */
  readonly signal: AbortSignal;
}

/** A picture as one member of a JSON object, piece by piece: it may be larger than anything that is held in memory. */
export async function* picturePieces(
  { name }: KeptAsset,
  carrier: Carrier,
  { assets, assetUrls, signal }: CarrierPorts,
): AsyncGenerator<Uint8Array, void, void> {
  if (carrier === 'url') {
    yield Buffer.from(`"url":${JSON.stringify(linkToAsset(assetUrls, name, new Date()))}`);
    return;
  }
  const opened = await assets.open(name);
  if (!opened) throw new GatewayError('unavailable', 'a picture that was drawn is not in the store');
  yield Buffer.from('"b64_json":"');
  for await (const piece of base64Of(opened.body)) {
    signal.throwIfAborted();
    yield piece;
  }
  yield Buffer.from('"');
}

/** A piece and what stands before it; most have nothing before them, and are not copied. */
export const behind = (before: string, piece: Uint8Array): Uint8Array =>
  before === '' ? piece : Buffer.concat([Buffer.from(before), piece]);
