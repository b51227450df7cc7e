/**
 * Runs what was added during this turn of the event loop once, at its end, all together: a stream that wrote ten small
 * frames sends one message, and all streams of a busy turn share one write to the socket.
 */
export class TurnQueue {
  private queue: (() => void)[] = [];

  add(task: () => void): void {
    if (this.queue.length === 0) setImmediate(this.flush);
    this.queue.push(task);
  }

  /** Runs what was added without waiting for the end of the turn. */
  readonly flush = (): void => {
    const tasks = this.queue;
    this.queue = [];
    for (const task of tasks) task();
  };
}
