import type { Failure, Outcome, Target } from '@bytespike/contracts';
import type { ProtocolName } from '@bytespike/kernel';
import { isInForeignEnvelope } from '@bytespike/protocols';

/**
 * A vendor's own refusal, where its words are the caller's dialect: on the raw lane, and not in the envelope of another wire.
 * Some look-alikes answer so, and clients of this wire cannot read it (T82); those are told in ours.
 */
export function verbatimFor(protocol: ProtocolName, { outcome, target }: Refused): Failure['verbatim'] {
  const verbatim = target.lane === 'raw' ? outcome.failure?.verbatim : undefined;
  if (!verbatim) return undefined;
  return isInForeignEnvelope(protocol, Buffer.from(verbatim.bodyBase64, 'base64').toString('utf8'))
    ? undefined
    : verbatim;
}

interface Refused {
  readonly outcome: Outcome;
  readonly target: Pick<Target, 'lane'>;
}
