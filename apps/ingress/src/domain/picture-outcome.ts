import type { Failure, KeptAsset, Outcome, SubmitOutcome } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

/** What one target came to: pictures, or why there are none and whether another target may be asked. */
export type Drawn =
  | { readonly pictures: readonly [KeptAsset, ...KeptAsset[]] }
  | { readonly failure: Failure; readonly mayTryNext: boolean };

/** How a target answered. What may have been started is never asked for again: pictures cost money at their vendor. */
export function readDrawn({ submitted }: Pick<SubmitOutcome, 'submitted'>): Drawn {
  if (submitted.type === 'refused') return failed(submitted.failure);
  if (submitted.type === 'unclear') return { failure: submitted.failure, mayTryNext: false };
  const { report } = submitted;
  if (report.state === 'failed' || report.state === 'expired') return failed(report.failure);
  const [first, ...others] =
    report.state === 'succeeded' ? report.assets.flatMap((made) => (made.from === 'store' ? [made.asset] : [])) : [];
  if (first) return { pictures: [first, ...others] };
  const message = `a render of pictures ended as ${report.state} without any`;
  return { failure: { kind: 'upstream-garbled', message }, mayTryNext: false };
}

const failed = (failure: Failure): Drawn => ({
  failure,
  mayTryNext: new GatewayError(failure.kind, '').traits.retry !== 'never',
});

export interface Handed {
  /** Pictures that were drawn and are asked for. */
  readonly made: number;
  /** Those of them that have reached the caller whole. */
  readonly delivered: number;
  /** Why not all of them have. */
  readonly failure?: GatewayError | undefined;
}

/**
 * The outcome to settle: pictures that were handed over are paid for one by one, whatever else went wrong on the
 * caller's side; where we or a vendor failed, none is.
 */
export function pictureOutcome({ made, delivered, failure }: Handed, attempts: Outcome['attempts']): Outcome {
  const contentStarted = delivered > 0;
  const facts = { contentStarted, deliveredOutput: 0, attempts };
  const counted = (images: number) =>
    images > 0 ? ({ usage: { images }, usageSource: 'vendor' } as const) : ({ usageSource: 'none' } as const);
  if (!failure) return { ...facts, ending: 'complete', finish: 'stop', ...counted(made) };
  const { kind, message } = failure;
  if (kind === 'cancelled') return { ...facts, ending: 'cancelled', ...counted(delivered), failure: { kind, message } };
  return { ...facts, ending: contentStarted ? 'truncated' : 'failed', ...counted(made), failure: { kind, message } };
}
