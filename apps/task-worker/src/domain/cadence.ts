/** When a task is looked at again. Randomness and the clock come in as arguments. */
export interface Chance {
  /** From 0 to 1. */
  readonly random: () => number;
}

const FIRST_SHARE = 0.2;
const INTERVAL_MS_MIN = 5_000;
const INTERVAL_MS_MAX = 20_000;
const LATE_INTERVAL_MS = 60_000;
const GROWTH = 1.5;
const SPREAD = 0.2;
/** No vendor is done sooner, and none is first asked later. */
const FIRST_MS_MIN = 1_000;
const FIRST_MS_MAX = 60_000;
/** A render that takes so many times its estimate is late, and is asked about at leisure. */
const LATE_SHARE = 5;

/** A fifth up or down, so that tasks of one moment do not stay together. */
export const spread = (ms: number, { random }: Chance): number => Math.round(ms * (1 - SPREAD + 2 * SPREAD * random()));

/** After a vendor has taken a render: a fifth of what it usually takes. */
export const firstAskMs = (estimatedSeconds: number, chance: Chance): number =>
  spread(within(estimatedSeconds * 1_000 * FIRST_SHARE, FIRST_MS_MIN, FIRST_MS_MAX), chance);

/** Before the next question about a render that goes on, of which `asked` have been put. */
export function nextAskMs(
  {
    asked,
    ageMs,
    estimatedSeconds,
  }: { readonly asked: number; readonly ageMs: number; readonly estimatedSeconds: number },
  chance: Chance,
): number {
  if (ageMs > Math.max(estimatedSeconds * 1_000 * LATE_SHARE, LATE_INTERVAL_MS * LATE_SHARE))
    return spread(LATE_INTERVAL_MS, chance);
  // Short renders are asked about more often: a film of three seconds is not worth five of waiting.
  const firstMs = within(estimatedSeconds * 1_000 * FIRST_SHARE, FIRST_MS_MIN, INTERVAL_MS_MIN);
  return spread(Math.min(firstMs * GROWTH ** Math.min(asked, 20), INTERVAL_MS_MAX), chance);
}

/** Before something that did not work is tried again. */
export function retryMs(
  tries: number,
  { firstMs, mostMs }: { readonly firstMs: number; readonly mostMs: number },
  chance: Chance,
): number {
  return spread(Math.min(firstMs * 2 ** Math.min(tries, 20), mostMs), chance);
}

const within = (ms: number, least: number, most: number): number => Math.min(Math.max(ms, least), most);
