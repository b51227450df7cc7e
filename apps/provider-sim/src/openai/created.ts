const FIRST_SECOND = 1_790_000_000;
const SECONDS = 1_000_000;
const DIGITS = 8;

/** A creation time that belongs to the request and not to the clock, so that the same request gets the same bytes. */
export const createdFrom = (digest: string): number =>
  FIRST_SECOND + (Number.parseInt(digest.slice(0, DIGITS), 16) % SECONDS);
