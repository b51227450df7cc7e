const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * How long a receiver is left alone after each attempt that failed: ten attempts over two days (contract 0.7). The first rungs
 * are for a receiver that restarts, the last for one whose people sleep.
 */
const RUNGS_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
] as const;

export const ATTEMPTS_MAX = RUNGS_MS.length + 1;

/** A little more each time, so that a receiver who comes back is not told everything at once. */
const SPREAD = 0.08;

/**
 * How long after the `tries`th attempt the next one is due; nothing when it was the last. `random` is at least 0 and
 * below 1.
 */
export function delayAfter(tries: number, random: () => number): number | undefined {
  const rung = RUNGS_MS[tries - 1];
  return rung === undefined ? undefined : Math.round(rung * (1 + SPREAD * random()));
}
