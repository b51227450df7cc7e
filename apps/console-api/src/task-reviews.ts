import type { Bus } from '@bytespike/bus';
import { tasks, type HandlersFor } from '@bytespike/contracts';

import { callContext } from './call-context.js';

type Handlers = HandlersFor<typeof tasks>;
type Asked<Call extends keyof Handlers> = Parameters<Handlers[Call]>[0];
type Answered<Call extends keyof Handlers> = ReturnType<Handlers[Call]>;

/** Operators' word on renders whose vendors' verdicts cannot be had; the worker of tasks alone ends them. */
export class TaskReviews {
  constructor(private readonly bus: Bus) {}

  list(query: Asked<'listReviews'>): Answered<'listReviews'> {
    return this.bus.client(tasks).listReviews(query, callContext());
  }

  decide(verdict: Asked<'decideReview'>): Answered<'decideReview'> {
    return this.bus.client(tasks).decideReview(verdict, callContext());
  }
}
