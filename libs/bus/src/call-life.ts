import type { CallContext } from '@bytespike/contracts';
import type { GatewayError, TransientSet } from '@bytespike/kernel';

import { cancelled, unavailable } from './errors.js';
import { TurnQueue } from './turn.js';

/** The longest delay a Node timer takes; a longer one would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Node keeps the timers of one duration in one list, so the limits of a subject's calls are rounded up to share it. */
const TIMER_STEP_MS = 50;

/** Who waits for the answer. One that is elsewhere has no signal here; its cancel comes as a message. */
type Caller = Omit<CallContext, 'signal'> & { readonly signal?: AbortSignal };

const ONCE = { once: true };

/** Calls that have not outlived the turn of the event loop they began in. */
const newborn = new TurnQueue();

/**
 * The life of one call on one side, and what its handler is given as the context: it stops once, because its caller left
 * or its time is over, and what runs for it hears so through `signal`. It hears its caller and its clock from `watch` on.
 * `end` must be called when the answer is there, or the timer stays.
 */
export class CallLife implements CallContext {
  readonly requestId: string;
  readonly deadline: number;
  /** Why it stopped; undefined while it lives. */
  stopped: GatewayError | undefined;
  private controller: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;
  private leave: (() => void) | undefined;
  private ended = false;

  constructor(
    private readonly subject: string,
    private readonly caller: Caller,
    private readonly onStop: ((why: GatewayError) => void) | undefined,
    /** Where it is listed while it lives, for whoever must stop all of them. */
    private readonly lives?: TransientSet<CallLife>,
  ) {
    lives?.add(this);
    this.requestId = caller.requestId;
    this.deadline = caller.deadline;
  }

  /** Made when it is asked for: most handlers of rpcs never do, and it is the dearest part of a call within the process. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.stopped) this.controller.abort(this.stopped);
    }
    return this.controller.signal;
  }

  watch(): this {
    if (this.ended) return this;
    const { deadline, signal } = this.caller;
    if (signal?.aborted) {
      this.cancel();
      return this;
    }
    const leftMs = Math.max(1, Math.min(deadline - Date.now(), TIMER_MS_MAX - TIMER_STEP_MS));
    this.timer = setTimeout(expire, Math.ceil(leftMs / TIMER_STEP_MS) * TIMER_STEP_MS, this);
    if (signal) {
      this.leave = () => this.cancel();
      signal.addEventListener('abort', this.leave, ONCE);
    }
    return this;
  }

  /** As `watch`, but a call that is answered before the end of this turn of the event loop pays nothing for it. */
  watchSoon(): this {
    newborn.add(() => this.watch());
    return this;
  }

  /** Its caller has left. */
  cancel(): void {
    this.stop(cancelled(this.subject));
  }

  stop(why: GatewayError): void {
    if (this.stopped) return;
    this.stopped = why;
    this.end();
    this.controller?.abort(why);
    this.onStop?.(why);
  }

  end(): void {
    this.ended = true;
    this.lives?.delete(this);
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    if (this.leave) this.caller.signal?.removeEventListener('abort', this.leave);
  }

  expire(): void {
    this.stop(unavailable(this.subject, 'no answer before the deadline'));
  }
}

const expire = (life: CallLife): void => life.expire();

/** The caller's context cut to what the contract allows. */
export function withinTimeout(context: CallContext, timeoutMs: number): CallContext {
  const deadline = Math.min(context.deadline, Date.now() + timeoutMs);
  return { requestId: context.requestId, deadline, signal: context.signal };
}

/** Refuses a call that nobody waits for any more. */
export function refuseDead(subject: string, context: CallContext): void {
  if (context.signal.aborted) throw cancelled(subject);
  if (context.deadline <= Date.now()) throw unavailable(subject, 'the deadline had passed before the call');
}
