import { pipeline } from 'node:stream/promises';

import { answerAsset, ASSETS_PATH, openSignedUrl, type AssetStore, type AssetUrls } from '@bytespike/assets';

import { abortReason, type Exchange } from '../http/exchange.js';
import type { Timings } from '../http/timings.js';
import { idHeaders } from '../http/write-answer.js';
import { COMPLETE, type RequestEnd } from '../observe.js';

export interface AssetPorts {
  readonly assets: AssetStore;
  readonly assetUrls: AssetUrls;
  readonly timings: Pick<Timings, 'clientStallMs'>;
}

/**
 * `GET /v1/assets/{name}`: a picture or a film, for whoever has a link to it that is ours and has not expired; no key is
 * asked for (contract 9.7). Bytes go from the store to the client as it reads them. Errors: `forbidden`, `gone`, `not-found`.
 */
export async function serveAsset(exchange: Exchange, ports: AssetPorts): Promise<RequestEnd> {
  const { request, response } = exchange;
  const { name } = openSignedUrl(ports.assetUrls, signedAddress(exchange, ports.assetUrls), new Date());
  const { status, headers, body } = await answerAsset(ports.assets, {
    name,
    method: request.method === 'HEAD' ? 'HEAD' : 'GET',
    range: request.headers.range,
    ifRange: headerText(request.headers['if-range']),
  });
  if (response.destroyed) body?.destroy();
  else response.writeHead(status, [...idHeaders(exchange), ...Object.entries(headers).flat()]);
  if (body === undefined || response.destroyed) {
    response.end();
    return COMPLETE;
  }
  // A reader that stays still must not keep a file of ours open.
  response.setTimeout(ports.timings.clientStallMs, () => response.destroy());
  await pipeline(body, response).catch((thrown: unknown) => {
    throw abortReason(exchange) ?? thrown;
  });
  return COMPLETE;
}

/** Links are signed for the public address, below which a proxy may have put us: what counts is what stands after it. */
function signedAddress({ path, query }: Exchange, { base }: AssetUrls): string {
  const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  return `${folder}${path.slice(ASSETS_PATH.length)}?${query}`;
}

const headerText = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ');
