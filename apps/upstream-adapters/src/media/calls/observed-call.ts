import { GatewayError, type ErrorKind } from '@bytespike/kernel';
import { inSpan, metrics } from '@bytespike/telemetry';

import type { Destination } from '../media-wire.js';
import type { Exchanged } from './vendor-exchange.js';

/** What a vendor is called for. */
export type MediaStep = 'submit' | 'ask' | 'ask-many' | 'look-up' | 'cancel' | 'fetch';

/** What a call came to, for whoever watches. */
export interface CallEnd {
  readonly status?: number | undefined;
  /** Absent for one that served. */
  readonly kind?: ErrorKind | undefined;
}

/** A call to a vendor, or to where it has left something, as a client span and a metric. It ends as `work` describes it. */
export function observedCall<T>(
  step: MediaStep,
  { target }: Pick<Destination, 'target'>,
  work: (describe: (end: CallEnd) => void) => Promise<T>,
): Promise<T> {
  const { vendor, model, upstreamModel, channelId, kind } = target;
  const attributes = {
    'gen_ai.operation.name': 'generate_content',
    'gen_ai.output.type': kind,
    'gen_ai.provider.name': vendor,
    'gen_ai.request.model': upstreamModel,
    'gw.channel': channelId,
    'gw.media.step': step,
  };
  return inSpan('render', { kind: 'client', subject: model, attributes }, async (span) => {
    const started = performance.now();
    let end: CallEnd = {};
    try {
      return await work((told) => {
        end = told;
      });
    } catch (thrown) {
      end = { kind: GatewayError.from(thrown).kind };
      throw thrown;
    } finally {
      span.set('http.response.status_code', end.status);
      if (end.kind) span.fail(new GatewayError(end.kind, 'the vendor failed'));
      metrics.mediaCalls.inc({ vendor, model, step, kind: end.kind ?? '' });
      metrics.mediaCallSeconds.observe({ vendor, step }, (performance.now() - started) / 1_000);
    }
  });
}

export const statusOf = (exchanged: Exchanged): number | undefined =>
  exchanged.ended === 'answered' ? exchanged.answer.status : exchanged.status;
