import type { Failure, KeptAsset, Outcome, SubmitOutcome } from '@bytespike/contracts';
import { ERROR_KINDS, type GatewayError } from '@bytespike/kernel';

/** A picture in the store, and the words that a vendor drew it from where those were not its caller's. */
export interface DrawnPicture extends KeptAsset {
  readonly revisedPrompt?: string;
}

/** What one target came to: pictures, or why there are none and whether another target may be asked. */
export type Drawn =
  | { readonly pictures: readonly [DrawnPicture, ...DrawnPicture[]] }
  | { readonly failure: Failure; readonly mayTryNext: boolean };

/** How a target answered. What may have been started is never asked for again: pictures cost money at their vendor. */
export function readDrawn({ submitted }: Pick<SubmitOutcome, 'submitted'>): Drawn {
  if (submitted.type === 'refused') return failed(submitted.failure);
  if (submitted.type === 'unclear') return { failure: submitted.failure, mayTryNext: false };
  const { report } = submitted;
  if (report.state === 'failed' || report.state === 'expired') return notMade(report.failure);
  const [first, ...others] =
    report.state === 'succeeded'
      ? report.assets.flatMap((made) => (made.from === 'store' ? [pictureIn(submitted, made.asset)] : []))
      : [];
  if (first) return { pictures: [first, ...others] };
  const message = `a render of pictures ended as ${report.state} without any`;
  return { failure: { kind: 'upstream-garbled', message }, mayTryNext: false };
}

function pictureIn(submitted: SubmitOutcome['submitted'], asset: KeptAsset): DrawnPicture {
  const revisedPrompt = submitted.type === 'finished' ? submitted.revisedPrompts?.[asset.name] : undefined;
  return { ...asset, ...(revisedPrompt !== undefined && { revisedPrompt }) };
}

const failed = (failure: Failure): Drawn => ({ failure, mayTryNext: ERROR_KINDS[failure.kind].retry !== 'never' });

/** Where what failed was our own store, it would fail with the next target's pictures too, which are paid for as well. */
const notMade = (failure: Failure): Drawn =>
  ERROR_KINDS[failure.kind].fault === 'gateway' ? { failure, mayTryNext: false } : failed(failure);

export interface Handed {
  /** Pictures that were drawn and are asked for. */
  readonly made: number;
  /** Those of them that have reached the caller whole. */
  readonly delivered: number;
  /** Whether the caller has seen anything of any. */
  readonly begun: boolean;
  /** Why not all of them have reached it. */
  readonly failure?: GatewayError | undefined;
}

/**
 * The outcome to settle. A caller that left pays for the pictures it was given whole; where we or a vendor failed, it
 * pays for none.
 */
export function pictureOutcome({ made, delivered, begun, failure }: Handed, attempts: Outcome['attempts']): Outcome {
  const facts = { deliveredOutput: 0, attempts };
  if (!failure) return { ...facts, ending: 'complete', finish: 'stop', contentStarted: true, ...counted(made) };
  const told = { ...facts, failure: { kind: failure.kind, message: failure.message } };
  if (failure.kind === 'cancelled')
    return { ...told, ending: 'cancelled', contentStarted: delivered > 0, ...counted(delivered) };
  return { ...told, ending: begun ? 'truncated' : 'failed', contentStarted: begun, ...counted(made) };
}

const counted = (images: number): Pick<Outcome, 'usage' | 'usageSource'> =>
  images > 0 ? { usage: { images }, usageSource: 'vendor' } : { usageSource: 'none' };
