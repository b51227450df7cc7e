import type { billing, HandlersFor } from '@bytespike/contracts';
import { LRUCache } from 'lru-cache';

import type { OrphanStore } from './orphan-store.js';

type HoldCall = HandlersFor<typeof billing>['hold'];

/** More processes than hold money at one ledger within its life; who is forgotten is greeted again. */
const REPORTERS_MAX = 10_000;

/**
 * Holds are for reporters that the store knows. One may be killed before its first heartbeat has been noted, and its holds would
 * be nobody's orphans: what nobody was heard of, nobody misses. So the first hold of a reporter notes it; the others wait for
 * nothing.
 */
export function holdForKnown(hold: HoldCall, orphans: Pick<OrphanStore, 'greet'>): HoldCall {
  const known = new LRUCache<string, true>({ max: REPORTERS_MAX });
  const greetings = new Map<string, Promise<void>>();
  const greet = async (reporter: string): Promise<void> => {
    try {
      await orphans.greet(reporter);
      known.set(reporter, true);
    } finally {
      greetings.delete(reporter);
    }
  };
  const greeted = (reporter: string): Promise<void> => {
    const running = greetings.get(reporter) ?? greet(reporter);
    greetings.set(reporter, running);
    return running;
  };
  return (request, context) =>
    known.has(request.reporter) ? hold(request, context) : greeted(request.reporter).then(() => hold(request, context));
}
