/** How long anything about a task may take. One place, since together they must fit into the time a hold lasts. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const PATIENCE = {
  /** Whoever submits waits for 10 s; a row that is still being admitted after this has lost its submitter. */
  admittingMs: 30 * SECOND,
  /** Until a vendor takes it: an outage of minutes is outlasted, a caller does not wait for one of hours. */
  pendingMs: 15 * MINUTE,
  /** A vendor of films answers a submit at once or has a problem. */
  filmAnswerMs: 40 * SECOND,
  /** Pictures come with the answer, and take up to some minutes (media-ledger-reliability 1.5). */
  pictureAnswerMs: 10 * MINUTE,
  /** Beside it, for the way to the vendor and back through our own house, and for what the clocks of two workers differ by. */
  transitMs: 10 * SECOND,
  /** A lost submit that its vendor's list does not show after this is not looked for any more. */
  lookUpMs: 5 * MINUTE,
  /** Without a verdict after this, or ten times the estimate, somebody should look. */
  runningMs: HOUR,
  /** What was made is copied within this, or while its vendor keeps it if that is shorter. */
  copyMs: 2 * HOUR,
  /** Contract 0.7: without a verdict it ends failed and free after this. */
  reviewMs: 24 * HOUR,
  /** Everything ends before its hold lapses. */
  taskMs: 25.5 * HOUR,
  /** The hold's own deadline, after which it lapses a quarter of an hour later. */
  holdMs: 26 * HOUR,
} as const;

/** The sooner of a span from now and the end of all patience with this task. */
export const deadlineIn = (spanMs: number, createdAt: number, now: number): number =>
  Math.min(now + spanMs, createdAt + PATIENCE.taskMs);
