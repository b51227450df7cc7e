import type { CallContext, media, RenderReport, RpcFunction } from '@bytespike/contracts';
import { assert, GatewayError } from '@bytespike/kernel';
import type { MediaErrors } from '@bytespike/media';
import type { VendorAnswer, VendorFailure } from '@bytespike/protocols';

import { askVendor, credentialNamed } from './calls/ask-vendor.js';
import { observedCall, statusOf } from './calls/observed-call.js';
import type { MediaPorts } from './media-ports.js';
import { destinationOf, wireFacts } from './media-wire.js';
import { LOST_CREDENTIAL, noAnswer, renderReport } from './render-report.js';

type AskMany = RpcFunction<(typeof media)['askMany']>;
type Output = Awaited<ReturnType<AskMany>>;

/** Asks how several renders do in one question. Where nobody answered, that is said of each of them. */
export async function askManyRenders(
  { target, credentialId, renders }: Parameters<AskMany>[0],
  context: CallContext,
  ports: MediaPorts,
): Promise<Output> {
  const { statusMany, errors } = wireFacts(target);
  if (!statusMany) throw new GatewayError('internal', `${target.vendor} answers about one render at a time`);
  const ofAll = (report: RenderReport): Output => ({
    reports: Object.fromEntries(renders.map(({ upstreamId }) => [upstreamId, report])),
  });
  const to = destinationOf(target, ports.channels);
  const credential = await credentialNamed(credentialId, to, ports);
  if (!credential) return ofAll(LOST_CREDENTIAL);
  return observedCall('ask-many', to, async (describe) => {
    const call = statusMany.request(renders.map(({ upstreamId }) => upstreamId));
    const exchanged = await askVendor(to, credential, call, context, ports);
    const failure = exchanged.ended === 'broken' ? exchanged.failure : refusalIn(exchanged.answer, errors);
    describe({ status: statusOf(exchanged), kind: failure?.kind });
    if (failure) return ofAll(noAnswer(failure));
    assert(exchanged.ended === 'answered', 'what did not break was answered');
    const told = statusMany.answer(exchanged.answer);
    const reports: Record<string, RenderReport> = {};
    for (const { upstreamId, workId } of renders) {
      const status = told.get(upstreamId);
      if (status) reports[upstreamId] = await renderReport(status, { workId, target }, ports);
    }
    return { reports };
  });
}

const refusalIn = (answer: VendorAnswer, errors: MediaErrors): VendorFailure | undefined =>
  answer.status >= 200 && answer.status <= 299 ? undefined : errors.ofAnswer(answer);
