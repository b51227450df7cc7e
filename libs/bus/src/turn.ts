/**
 * Runs what was added during this turn of the event loop once, at its end, all together: a stream that wrote ten small
 * frames sends one message, and all streams of a busy turn share one write to the socket.
 */
export class TurnQueue {
  private queue: (() => void)[] = [];

  add(task: () => void): void {
    if (this.queue.length === 0) setImmediate(this.run);
    this.queue.push(task);
  }

  private readonly run = (): void => {
    const tasks = this.queue;
    this.queue = [];
    for (const task of tasks) task();
  };
}
