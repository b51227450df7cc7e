import { formatLoss, type Loss } from '@bytespike/ir';

/** A header has to stay a header: behind so many, only their number is told (protocols 2.16). */
const WARNINGS_MAX = 32;

export function warningsOf(losses: readonly Loss[]): string[] {
  const shown = losses.slice(0, WARNINGS_MAX).map(formatLoss);
  return losses.length > WARNINGS_MAX ? [...shown, `more=${losses.length - WARNINGS_MAX}`] : shown;
}
