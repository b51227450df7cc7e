import type { Bus } from '@bytespike/bus';
import { book, type CallContext, type HandlersFor } from '@bytespike/contracts';
import { ulid } from 'ulid';

const CALL_LIMIT_MS = 5_000;

type Handlers = HandlersFor<typeof book>;
type Asked<Call extends keyof Handlers> = Parameters<Handlers[Call]>[0];
type Answered<Call extends keyof Handlers> = ReturnType<Handlers[Call]>;

/** Operators' hand on what stands in the book; the ledger alone posts. */
export class Book {
  constructor(private readonly bus: Bus) {}

  correct(correction: Asked<'correct'>): Answered<'correct'> {
    return this.bus.client(book).correct(correction, context());
  }

  quarantined(query: Asked<'listQuarantine'>): Answered<'listQuarantine'> {
    return this.bus.client(book).listQuarantine(query, context());
  }

  decide(verdict: Asked<'decideQuarantine'>): Answered<'decideQuarantine'> {
    return this.bus.client(book).decideQuarantine(verdict, context());
  }
}

const context = (): CallContext => ({
  requestId: ulid(),
  deadline: Date.now() + CALL_LIMIT_MS,
  signal: AbortSignal.timeout(CALL_LIMIT_MS),
});
