// What is told of many samples, in their own unit.

/** The p-th quantile of unsorted samples. */
function quantile(samples, p) {
  if (samples.length === 0) return undefined;
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}

export const summary = (samples) => ({ p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) });
