const KIB = 1024;
const MIB = 1024 * KIB;

/** Everything on the bus has a limit (law 10). Units are last in each name. */
export const BUS_LIMITS = {
  /** Largest message we publish: half of NATS's default `max_payload`, so the server needs no tuning. */
  messageBytesMax: 512 * KIB,
  /** Largest run of stream bytes in one message; half the window, so that one travels while one is read. */
  dataBytesMax: 128 * KIB,
  /** What of a request body may be under way unread; two messages. */
  uploadWindowBytes: 1 * MIB,
  /** Bodies being put together in one process, all streams. Beyond it new uploads are `unavailable`. */
  assemblyBytesMax: 512 * MIB,
  /** Streams one process serves at a time; beyond it callers get `unavailable` and may try a replica. */
  servedStreamsMax: 10_000,
  /** Calls one process has running elsewhere at a time. */
  pendingCallsMax: 50_000,
  /** After an abort, how long the producer has to hand in its outcome (it says what was delivered). */
  outcomeGraceMs: 2_000,
  /** How long `drain` waits for what is running when the caller names no limit. */
  drainMs: 30_000,
  /** How long a fact of a queue waits for others to share its message. Nobody waits for the work it asks for. */
  factLingerMs: 25,
  /** Facts in one message; they are acknowledged, or come again, together. */
  messageFactsMax: 200,
  /** Facts in one handler call unless the subscriber says otherwise. */
  factBatchMax: 500,
  /** A day of tries at one a minute: an outage of a store must not park its facts. */
  factDeliveriesMax: 1_440,
  factRetryDelayMs: 500,
  factRetryDelayMsMax: 60_000,
  /** Tries of one publish; the message id makes a repeat harmless. */
  publishTriesMax: 4,
  publishTimeoutMs: 3_000,
} as const;
