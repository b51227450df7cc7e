import type { Bus } from '@bytespike/bus';
import { book, type HandlersFor } from '@bytespike/contracts';

import { callContext } from './call-context.js';

type Handlers = HandlersFor<typeof book>;
type Asked<Call extends keyof Handlers> = Parameters<Handlers[Call]>[0];
type Answered<Call extends keyof Handlers> = ReturnType<Handlers[Call]>;

/** Operators' hand on what stands in the book; the ledger alone posts. */
export class Book {
  constructor(private readonly bus: Bus) {}

  correct(correction: Asked<'correct'>): Answered<'correct'> {
    return this.bus.client(book).correct(correction, callContext());
  }

  quarantined(query: Asked<'listQuarantine'>): Answered<'listQuarantine'> {
    return this.bus.client(book).listQuarantine(query, callContext());
  }

  decide(verdict: Asked<'decideQuarantine'>): Answered<'decideQuarantine'> {
    return this.bus.client(book).decideQuarantine(verdict, callContext());
  }
}
