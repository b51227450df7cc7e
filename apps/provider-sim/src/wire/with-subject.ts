import type { Subject } from './subject.js';
import { Refusal } from './wire.js';

/** Runs for a subject, so that even what is refused can be struck by the faults that were asked for there. */
export const withSubject = <T>(subject: Subject, run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal && error.subject === undefined) throw new Refusal(error.failure, subject);
    throw error;
  }
};
