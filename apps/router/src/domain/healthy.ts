import { noHealthyChannel } from './refusals.js';

/** What of a channel decides whether it may be called now. */
export interface Reached {
  readonly channelId: string;
  readonly upstreamModel: string;
}

/** What is known of circuits at the moment of a request. */
export interface Health {
  readonly nowMs: number;
  /** Epoch milliseconds until which a circuit lets nothing through; absent while it lets traffic through. */
  readonly closedUntil: (channelId: string, upstreamModel: string, nowMs: number) => number | undefined;
}

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;

/** Those whose circuits let traffic through. Throws `unavailable` with the time at which the first may, when none does. */
export function healthy<One extends Reached>(
  candidates: readonly One[],
  modelId: string,
  { nowMs, closedUntil }: Health,
): readonly One[] {
  const closed = ({ channelId, upstreamModel }: One) => closedUntil(channelId, upstreamModel, nowMs);
  const able = candidates.filter((candidate) => closed(candidate) === undefined);
  if (able.length > 0) return able;
  const soonest = Math.min(...candidates.map((candidate) => closed(candidate) ?? nowMs));
  throw noHealthyChannel(modelId, Math.min(Math.max(soonest - nowMs, RETRY_MS_MIN), RETRY_MS_MAX));
}
