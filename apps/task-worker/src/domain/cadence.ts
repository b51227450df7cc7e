/** When a task is looked at again. Randomness and the pace come in as arguments. */
export interface Pace {
  /** From 0 to 1. */
  readonly random: () => number;
  /** The longest time between two questions about a render that is not late. */
  readonly askMsMax: number;
}

const FIRST_SHARE = 0.2;
const GROWTH = 1.5;
const SPREAD = 0.2;
/** No vendor is done sooner. */
const FIRST_MS_MIN = 1_000;
const INTERVAL_MS_MIN = 5_000;
/** A render that takes so many times its estimate is late, and is asked about at leisure. */
const LATE_SHARE = 5;
const LEISURE = 3;

/** A fifth up or down, so that tasks of one moment do not stay together. */
export const spread = (ms: number, { random }: Pace): number => Math.round(ms * (1 - SPREAD + 2 * SPREAD * random()));

/** What is late, doubtful, or far from done is asked about this often. */
export const leisureMs = (pace: Pace): number => spread(pace.askMsMax * LEISURE, pace);

/** After a vendor has taken a render: a fifth of what it usually takes. */
export const firstAskMs = (estimatedSeconds: number, pace: Pace): number =>
  spread(Math.min(Math.max(estimatedSeconds * 1_000 * FIRST_SHARE, FIRST_MS_MIN), pace.askMsMax * LEISURE), pace);

/** How a render does that has been asked about. */
export interface AskedAbout {
  /** How often. */
  readonly asked: number;
  readonly ageMs: number;
  readonly estimatedSeconds: number;
}

/** Before the next question about a render that goes on. */
export function nextAskMs({ asked, ageMs, estimatedSeconds }: AskedAbout, pace: Pace): number {
  const isLate = ageMs > LATE_SHARE * Math.max(estimatedSeconds * 1_000, pace.askMsMax * LEISURE);
  if (isLate) return leisureMs(pace);
  // Short renders are asked about more often: a film of three seconds is not worth five of waiting.
  const firstMs = Math.min(Math.max(estimatedSeconds * 1_000 * FIRST_SHARE, FIRST_MS_MIN), INTERVAL_MS_MIN);
  return spread(Math.min(firstMs * GROWTH ** Math.min(asked, 20), pace.askMsMax), pace);
}

export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Before something that did not work is tried again. */
export const retryMs = (tries: number, { firstMs, mostMs }: Backoff, pace: Pace): number =>
  spread(Math.min(firstMs * 2 ** Math.min(tries, 20), mostMs), pace);
