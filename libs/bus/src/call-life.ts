import type { CallContext } from '@bytespike/contracts';
import type { GatewayError } from '@bytespike/kernel';

import { cancelled, unavailable } from './errors.js';

/** The longest delay a Node timer takes; a longer one would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Who waits for the answer. One that is elsewhere has no signal here; its cancel comes as a message. */
type Caller = Omit<CallContext, 'signal'> & { readonly signal?: AbortSignal };

/**
 * The life of one call on one side: it stops once, because its caller left or its time is over, and what runs for it
 * hears so through `context.signal`. `end` must be called when the answer is there, or the timer stays.
 */
export class CallLife {
  readonly context: CallContext;
  /** Why it stopped; undefined while it lives. */
  stopped: GatewayError | undefined;
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly subject: string,
    private readonly caller: Caller,
    private readonly onStop: (why: GatewayError) => void,
    /** Where it is listed while it lives, for whoever must stop all of them. */
    private readonly lives?: Set<CallLife>,
  ) {
    lives?.add(this);
    this.context = { requestId: caller.requestId, deadline: caller.deadline, signal: this.controller.signal };
    const leftMs = Math.min(caller.deadline - Date.now(), TIMER_MS_MAX);
    this.timer = setTimeout(this.expire, Math.max(0, leftMs));
    caller.signal?.addEventListener('abort', this.leave, { once: true });
  }

  stop(why: GatewayError): void {
    if (this.stopped) return;
    this.stopped = why;
    this.end();
    this.controller.abort(why);
    this.onStop(why);
  }

  end(): void {
    this.lives?.delete(this);
    clearTimeout(this.timer);
    this.caller.signal?.removeEventListener('abort', this.leave);
  }

  private readonly expire = (): void => this.stop(unavailable(this.subject, 'no answer before the deadline'));
  private readonly leave = (): void => this.stop(cancelled(this.subject));
}

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
