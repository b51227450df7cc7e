import type { Bus } from '@bytespike/bus';
import { tasks, type CallContext, type HandlersFor } from '@bytespike/contracts';
import { ulid } from 'ulid';

const CALL_LIMIT_MS = 5_000;

type Handlers = HandlersFor<typeof tasks>;
type Asked<Call extends keyof Handlers> = Parameters<Handlers[Call]>[0];
type Answered<Call extends keyof Handlers> = ReturnType<Handlers[Call]>;

/** Operators' word on renders whose vendors' verdicts cannot be had; the worker of tasks alone ends them. */
export class TaskReviews {
  constructor(private readonly bus: Bus) {}

  list(query: Asked<'listReviews'>): Answered<'listReviews'> {
    return this.bus.client(tasks).listReviews(query, context());
  }

  decide(verdict: Asked<'decideReview'>): Answered<'decideReview'> {
    return this.bus.client(tasks).decideReview(verdict, context());
  }
}

const context = (): CallContext => ({
  requestId: ulid(),
  deadline: Date.now() + CALL_LIMIT_MS,
  signal: AbortSignal.timeout(CALL_LIMIT_MS),
});
