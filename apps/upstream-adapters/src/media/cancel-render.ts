import type { CallContext, media, RpcFunction } from '@bytespike/contracts';

import { askVendor, credentialNamed } from './calls/ask-vendor.js';
import { observedCall, statusOf } from './calls/observed-call.js';
import type { MediaPorts } from './media-ports.js';
import { destinationOf, wireFacts } from './media-wire.js';

type Cancel = RpcFunction<(typeof media)['cancel']>;

/** Stops a render, where its vendor has such a call. Sent once: at one vendor a second would forget the render. */
export async function cancelRender(
  { target, credentialId, upstreamId }: Parameters<Cancel>[0],
  context: CallContext,
  ports: MediaPorts,
): Promise<Awaited<ReturnType<Cancel>>> {
  const { request, answer } = wireFacts(target).cancel;
  if (!request || !answer) return { result: 'too-late' };
  const to = destinationOf(target, ports.channels);
  const credential = await credentialNamed(credentialId, to, ports);
  if (!credential) return { result: 'unclear' };
  return observedCall('cancel', to, async (describe) => {
    const exchanged = await askVendor(to, credential, request(upstreamId), context, ports);
    const isBroken = exchanged.ended === 'broken';
    describe({ status: statusOf(exchanged), ...(isBroken && { kind: exchanged.failure.kind }) });
    return { result: isBroken ? 'unclear' : answer(exchanged.answer) };
  });
}
