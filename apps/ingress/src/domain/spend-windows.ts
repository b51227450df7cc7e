import type { SpendWindow } from '@bytespike/contracts';

/** The window that stops the caller first: the one with least left in it, and of those that are spent the last to free money. */
export function tightestOf(windows: readonly SpendWindow[]): SpendWindow | undefined {
  let tightest = windows[0];
  for (const window of windows) if (tightest && isTighter(window, tightest)) tightest = window;
  return tightest;
}

const isTighter = (one: SpendWindow, other: SpendWindow): boolean =>
  one.remaining < other.remaining || (one.remaining === other.remaining && one.resetAt > other.resetAt);

const SPANS = ['5h', '1d', '7d'] as const satisfies readonly SpendWindow['window'][];

/**
 * One window for each span that is capped, shortest first. A key, its member and its organisation may each have a cap for
 * the same span; the tightest of them decides.
 */
export const tightestOfEachSpan = (windows: readonly SpendWindow[]): readonly SpendWindow[] =>
  SPANS.map((span) => tightestOf(windows.filter(({ window }) => window === span))).filter(
    (window) => window !== undefined,
  );
