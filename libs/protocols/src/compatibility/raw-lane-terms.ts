import type { PeekedBody } from '../peek/peeked-body.js';

/**
 * Which bodies a look-alike may be sent as they are: those that its profile would leave alone (architecture, section 3).
 * The terms are stricter than the profile where bytes do not tell enough: a body that is translated needlessly still
 * arrives, one that passes needlessly is answered as if its caller had asked for less.
 */
export interface RawLaneTerms {
  /** Members of the body that are sent as they are. */
  readonly fields: ReadonlySet<string>;
  /** Text that stands in no body which the profile leaves alone. */
  readonly words: readonly string[];
}

/** What the raw lane has seen of a body, without reading it twice. */
export interface SeenBody extends Pick<PeekedBody, 'fields' | 'thinking'> {
  /** How often a text stands in the bytes. */
  readonly count: (text: string) => number;
}

/** Terms by the fields and words that a profile permits or forbids; `false` leaves a row out. */
export const terms = (fields: readonly (string | false)[], words: readonly (string | false)[]): RawLaneTerms => ({
  fields: new Set(fields.filter((field) => field !== false)),
  words: words.filter((word) => word !== false),
});

export const meets = ({ fields, words }: RawLaneTerms, seen: SeenBody): boolean =>
  seen.fields.length <= fields.size &&
  seen.fields.every((field) => fields.has(field)) &&
  !words.some((word) => seen.count(word) > 0);
