import type { NanoUsd } from '@bytespike/kernel';

/** A key is busy when it asks for this many holds within the time below; before that a grant would not pay. */
const BUSY_HOLDS = 8;
const BUSY_WITHIN_MS = 250;

/** In holds of the size that is asked for; a grant that runs dry is followed by one of twice as many. */
export const GRANT_HOLDS_MIN = 64;
export const GRANT_HOLDS_MAX = 4_096;

/** What a grant may take of the money that is available: whoever is near a limit is admitted hold by hold. */
const SHARE_OF_AVAILABLE = 8n;

/** How often a key asks, told in steps of a quarter of a second. */
export interface Pace {
  readonly since: number;
  readonly holds: number;
  readonly isBusy: boolean;
}

export const restingPace: Pace = { since: 0, holds: 0, isBusy: false };

/** The pace after one more hold. */
export function paceAfter({ since, holds, isBusy }: Pace, now: number): Pace {
  if (now - since < BUSY_WITHIN_MS) return { since, holds: holds + 1, isBusy: isBusy || holds + 1 >= BUSY_HOLDS };
  // A key that has just been busy stays so for one more step, in which it may prove it again.
  return { since: now, holds: 1, isBusy: now - since < 2 * BUSY_WITHIN_MS && holds >= BUSY_HOLDS };
}

/** How much a grant is for, or undefined when the wallet cannot spare it. */
export function grantAmount(hold: NanoUsd, holds: number, available: NanoUsd): NanoUsd | undefined {
  const amount = hold * BigInt(holds);
  if (amount <= 0n) return undefined;
  if (amount * SHARE_OF_AVAILABLE <= available) return amount;
  return hold * BigInt(GRANT_HOLDS_MIN) * SHARE_OF_AVAILABLE <= available ? available / SHARE_OF_AVAILABLE : undefined;
}
