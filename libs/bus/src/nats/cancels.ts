import { TransientMap } from '@bytespike/kernel';

import type { CallLife } from '../call-life.js';
import type { Link } from './link.js';
import { textOf } from './wire-json.js';

const PREFIX = 'cancel';

/**
 * How an abort reaches a producer whose address the caller does not know (yet): said to every instance that serves the
 * subject, and heard by the one that runs the call. A call is known by its reply address.
 */
export class Cancels {
  private readonly running = new TransientMap<string, CallLife>();

  constructor(private readonly link: Link) {}

  /** For the caller. */
  send(subject: string, replyAddress: string): void {
    this.link.send(`${PREFIX}.${subject}`, replyAddress);
  }

  /** For the serving side: begins to hear cancels of a subject. */
  listen(subject: string) {
    return this.link.connection.subscribe(`${PREFIX}.${subject}`, {
      callback: (error, message) => {
        if (!error) this.running.get(textOf(message.data))?.cancel();
      },
    });
  }

  /** Registers a running call until it is forgotten. */
  expect(replyAddress: string, life: CallLife): void {
    this.running.set(replyAddress, life);
  }

  forget(replyAddress: string): void {
    this.running.delete(replyAddress);
  }
}
