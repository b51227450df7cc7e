import { isDeepStrictEqual } from 'node:util';

import type { LossCode } from '@bytespike/ir';

import { Unkept, type Talk } from '../talk.js';

/** Something a user expects to survive between any client and any vendor. */
export interface Capability {
  readonly name: string;
  /** Losses that excuse it, where they are declared. Any other way of not surviving is a failure. */
  readonly mayLose: readonly LossCode[];
  /** Throws `Unkept` where it did not survive; looks at what the vendor received and at what the client got. */
  readonly run: (talk: Talk) => Promise<void>;
}

/** Says what should have been and what was. */
export function hold(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Unkept(
    `${what}: ${JSON.stringify(actual)?.slice(0, 120)} instead of ${JSON.stringify(expected).slice(0, 120)}`,
  );
}

export function holdThat(what: string, is: boolean): void {
  if (!is) throw new Unkept(what);
}

const CITY = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
} as const;

export const TOOLS = [
  { name: 'get_weather', schema: CITY },
  { name: 'get_time', schema: CITY },
] as const;

export const OSLO = 'call get_weather {"city":"Oslo"}';
export const LIMA = 'call get_time {"city":"Lima"}';

/** A PNG of one pixel. */
export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
