/**
 * The closed list of failures. What to answer, retry and bill is read from a failure's row;
 * adding a row is the only way to add a failure. Statuses follow the public contract, section 0.3.
 */
export interface ErrorTraits {
  /** HTTP status of our own answer. A protocol may override it (Anthropic says 529 for `unavailable`). */
  readonly status: number;
  /** What may be tried next, before the first content event has been sent. */
  readonly retry: 'never' | 'next-credential' | 'next-target' | 'same-target';
  /** Whether the message may be shown to the caller; otherwise a generic sentence stands in. */
  readonly clientSafe: boolean;
  /** Who has to change something: the caller, us, or the vendor. */
  readonly fault: 'client' | 'gateway' | 'upstream';
}

/** Every failure there is, and all that follows from it: status, retry, what its caller reads, and whose fault it is. */
export const ERROR_KINDS = {
  'invalid-request': { status: 400, retry: 'never', clientSafe: true, fault: 'client' },
  unsupported: { status: 400, retry: 'never', clientSafe: true, fault: 'client' },
  'retired-model': { status: 400, retry: 'never', clientSafe: true, fault: 'client' },
  'context-too-long': { status: 400, retry: 'never', clientSafe: true, fault: 'client' },
  'previous-response-not-found': { status: 400, retry: 'never', clientSafe: true, fault: 'client' },
  unauthenticated: { status: 401, retry: 'never', clientSafe: true, fault: 'client' },
  'insufficient-credit': { status: 402, retry: 'never', clientSafe: true, fault: 'client' },
  'quota-exceeded': { status: 402, retry: 'never', clientSafe: true, fault: 'client' },
  forbidden: { status: 403, retry: 'never', clientSafe: true, fault: 'client' },
  'model-not-in-group': { status: 403, retry: 'never', clientSafe: true, fault: 'client' },
  'not-found': { status: 404, retry: 'never', clientSafe: true, fault: 'client' },
  'model-not-found': { status: 404, retry: 'never', clientSafe: true, fault: 'client' },
  'task-not-found': { status: 404, retry: 'never', clientSafe: true, fault: 'client' },
  'method-not-allowed': { status: 405, retry: 'never', clientSafe: true, fault: 'client' },
  conflict: { status: 409, retry: 'never', clientSafe: true, fault: 'client' },
  gone: { status: 410, retry: 'never', clientSafe: true, fault: 'client' },
  'too-large': { status: 413, retry: 'never', clientSafe: true, fault: 'client' },
  'tools-not-supported': { status: 422, retry: 'never', clientSafe: true, fault: 'client' },
  'upgrade-required': { status: 426, retry: 'never', clientSafe: true, fault: 'client' },
  'spend-window': { status: 429, retry: 'never', clientSafe: true, fault: 'client' },
  concurrency: { status: 429, retry: 'never', clientSafe: true, fault: 'client' },
  'rate-limited': { status: 429, retry: 'never', clientSafe: true, fault: 'client' },
  cancelled: { status: 499, retry: 'never', clientSafe: false, fault: 'client' },
  'upstream-refused': { status: 400, retry: 'never', clientSafe: true, fault: 'upstream' },
  'upstream-blocked': { status: 451, retry: 'never', clientSafe: true, fault: 'upstream' },
  'upstream-credential': { status: 502, retry: 'next-credential', clientSafe: false, fault: 'upstream' },
  'upstream-quota': { status: 502, retry: 'next-credential', clientSafe: false, fault: 'upstream' },
  // The vendor's words are about our account with it, its name and limits included.
  'upstream-rate-limited': { status: 429, retry: 'next-target', clientSafe: false, fault: 'upstream' },
  'upstream-model-gone': { status: 502, retry: 'next-target', clientSafe: false, fault: 'upstream' },
  'upstream-transient': { status: 502, retry: 'same-target', clientSafe: false, fault: 'upstream' },
  'upstream-timeout': { status: 504, retry: 'next-target', clientSafe: false, fault: 'upstream' },
  'upstream-garbled': { status: 502, retry: 'next-target', clientSafe: false, fault: 'upstream' },
  unavailable: { status: 503, retry: 'same-target', clientSafe: false, fault: 'gateway' },
  internal: { status: 500, retry: 'never', clientSafe: false, fault: 'gateway' },
} as const satisfies Record<string, ErrorTraits>;

export type ErrorKind = keyof typeof ERROR_KINDS;

export const errorKinds = Object.keys(ERROR_KINDS) as readonly ErrorKind[];

/** Whether a word from elsewhere is the name of a failure. */
export const isErrorKind = (value: unknown): value is ErrorKind =>
  typeof value === 'string' && Object.hasOwn(ERROR_KINDS, value);

/** JSON facts a refusal carries for the caller, such as what is left and when it frees. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** What an error may carry beside its kind. */
export interface GatewayErrorOptions {
  readonly cause?: unknown;
  /** How long the caller should wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly details?: ErrorDetails | undefined;
  /** What this caller may read, where the kind's own sentence says too little. Words of ours; they stay in this process. */
  readonly publicMessage?: string | undefined;
}

/** The only error that crosses a boundary of ours. */
export class GatewayError extends Error {
  readonly kind: ErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly details: ErrorDetails | undefined;
  private readonly told: string | undefined;

  constructor(kind: ErrorKind, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
    this.told = options.publicMessage;
  }

  get traits(): ErrorTraits {
    return ERROR_KINDS[this.kind];
  }

  /** What the caller may read: our own sentence, or a generic one where ours could leak. */
  get publicMessage(): string {
    if (this.told !== undefined) return this.told;
    if (this.traits.clientSafe) return this.message;
    return this.kind === 'upstream-rate-limited' ? RATE_LIMITED_MESSAGE : GENERIC_MESSAGES[this.traits.fault];
  }

  /** Anything thrown, as a `GatewayError`; what is not one already is a bug and becomes `internal`. */
  static from(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new GatewayError('internal', message, { cause: thrown });
  }
}

const RATE_LIMITED_MESSAGE =
  'The model vendor limits the rate of requests right now. This one was not billed; please retry after a moment.';

const GENERIC_MESSAGES = {
  client: 'The request was cancelled.',
  gateway: 'The gateway could not serve this request. It was not billed; please retry.',
  upstream: 'The model vendor could not serve this request. It was not billed; please retry.',
} as const satisfies Record<ErrorTraits['fault'], string>;
