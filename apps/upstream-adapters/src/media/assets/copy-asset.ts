import { endpointUrl } from '@bytespike/catalog';
import type { Failure, KeptAsset } from '@bytespike/contracts';
import { assert, GatewayError, LIMITS, type ErrorKind } from '@bytespike/kernel';
import type { AssetReference } from '@bytespike/media';
import { refusedStatus } from '@bytespike/safe-fetch';

import type { Credential } from '../../domain/credential-choice.js';
import { observedCall } from '../calls/observed-call.js';
import { exchangeWith } from '../calls/vendor-exchange.js';
import { failureOf } from '../failure-of.js';
import type { MediaPorts } from '../media-ports.js';
import { wireFacts, type Destination } from '../media-wire.js';
import { assetBytesMax, inlineBody, keepAsset, type AssetSlot } from './keep-asset.js';
import { createPushedBody } from './pushed-body.js';

export interface CopyRequest {
  readonly to: Destination;
  /** Goes to the channel's own address alone; what lies elsewhere is had without one. */
  readonly credential: Credential | undefined;
  readonly asset: AssetReference;
  readonly slot: AssetSlot;
  readonly signal: AbortSignal;
}

export type Copied =
  | { readonly type: 'kept'; readonly asset: KeptAsset }
  /** `isGone`: the vendor has it no longer, so that asking again will not help. */
  | { readonly type: 'failed'; readonly failure: Failure; readonly isGone: boolean };

/** Copies what was made into the store. A store that cannot do its work throws `unavailable`; vendors' failures are values. */
export async function copyAsset(request: CopyRequest, ports: MediaPorts): Promise<Copied> {
  const { asset, slot, to } = request;
  if (asset.from === 'inline') return orFailed(keepAsset(slot, inlineBody(asset.base64), ports).then(kept));
  return observedCall('fetch', to, async (describe) => {
    const copying =
      asset.from === 'vendor' ? copyFromChannel(request, asset.path, ports) : copyFrom(request, asset.url, ports);
    const copied = await orFailed(copying);
    if (copied.type === 'failed') describe({ kind: copied.failure.kind });
    return copied;
  });
}

const kept = (asset: KeptAsset): Copied => ({ type: 'kept', asset });

/** An address that is signed is forbidden, and not missing, when it has died. */
const GONE: readonly number[] = [403, 404, 410];

const orFailed = (copying: Promise<Copied>): Promise<Copied> =>
  copying.catch((thrown: unknown) => {
    const { kind, retryAfterMs, traits } = GatewayError.from(thrown);
    if (traits.fault === 'gateway') throw thrown;
    const status = refusedStatus(thrown);
    const isGone = status !== undefined && GONE.includes(status);
    const failure = { kind: blamed(kind), message: 'what was made could not be copied', retryAfterMs };
    return { type: 'failed', failure: failureOf(failure), isGone };
  });

/** The guard and the limits speak of customers' addresses and files; these are the vendor's. */
const blamed = (kind: ErrorKind): ErrorKind => {
  if (kind === 'too-large') return 'upstream-garbled';
  return kind === 'invalid-request' ? 'upstream-transient' : kind;
};

/** Without a credential, and through the guard: a vendor's answer may name any place. */
async function copyFrom({ slot, signal }: CopyRequest, url: string, ports: MediaPorts): Promise<Copied> {
  const { body } = await ports.foreign.get({
    url,
    bytesMax: assetBytesMax(slot),
    totalMs: LIMITS.assetCopyMs,
    // What it is, its bytes say.
    accepts: () => true,
    signal,
  });
  return kept(await keepAsset(slot, body, ports));
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

async function copyFromChannel(request: CopyRequest, path: string, ports: MediaPorts): Promise<Copied> {
  const { to, credential, slot, signal } = request;
  assert(credential !== undefined, 'a channel is asked with a credential');
  const pushed = createPushedBody();
  let keeping: Promise<KeptAsset> | undefined;
  const exchanged = await exchangeWith(
    {
      to,
      credential,
      call: { method: 'GET', path, answerBytesMax: 0 },
      patienceMs: LIMITS.assetCopyMs,
      firstByteMs: LIMITS.renderAnswerMs,
      signal,
      takerOf: () => {
        keeping = keepAsset(slot, pushed.body, ports);
        // Whoever awaits it below hears of its failure; until then nobody does.
        keeping.catch(() => undefined);
        return pushed.push;
      },
    },
    ports,
  );
  if (exchanged.ended === 'broken') {
    pushed.fail(exchanged.failure);
    // Where the store gave up, that is why the connection was closed.
    await keeping;
    throw exchanged.failure;
  }
  if (keeping) {
    pushed.end();
    return kept(await keeping);
  }
  const { status, headers } = exchanged.answer;
  const url = REDIRECTS.includes(status) && URL.parse(headers.location ?? '', endpointUrl(to.channel.address, path));
  if (url) return copyFrom(request, url.href, ports);
  const failure = failureOf(wireFacts(to.target).errors.ofAnswer(exchanged.answer));
  return { type: 'failed', failure, isGone: status === 404 || status === 410 };
}
