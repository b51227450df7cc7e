import type { CallContext, media, RenderReport, RpcFunction } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { askVendor, credentialNamed } from './calls/ask-vendor.js';
import { observedCall, statusOf } from './calls/observed-call.js';
import type { MediaPorts } from './media-ports.js';
import { destinationOf, wireFacts } from './media-wire.js';
import { LOST_CREDENTIAL, noAnswer, renderReport } from './render-report.js';

type Ask = RpcFunction<(typeof media)['ask']>;

/** Asks how a render does, once: whoever waits for it asks again. What is no answer is no verdict. */
export async function askRender(
  { workId, target, credentialId, upstreamId, submittedAt }: Parameters<Ask>[0],
  context: CallContext,
  ports: MediaPorts,
): Promise<RenderReport> {
  const { status } = wireFacts(target);
  if (!status) throw new GatewayError('internal', `${target.vendor} tells nothing of a render`);
  const to = destinationOf(target, ports.channels);
  const credential = await credentialNamed(credentialId, to, ports);
  if (!credential) return LOST_CREDENTIAL;
  return observedCall('ask', to, async (describe) => {
    const exchanged = await askVendor(to, credential, status.request(upstreamId), context, ports);
    const report =
      exchanged.ended === 'broken'
        ? noAnswer(exchanged.failure)
        : await renderReport(status.answer(exchanged.answer, { submittedAt }), { workId, target }, ports);
    describe({ status: statusOf(exchanged), ...(report.state === 'unknown' && { kind: report.failure?.kind }) });
    return report;
  });
}
