import type { Alarm, QueueName, Wake, WakeHandler } from '../queues/alarm.js';

interface Listener {
  readonly handler: WakeHandler;
  free: number;
  readonly waiting: string[];
}

/** An alarm clock of one process, for tests. Without listeners it only notes what it was asked. */
export class MemoryAlarm implements Alarm {
  readonly wakes: Wake[] = [];
  private readonly listeners = new Map<QueueName, Listener>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();

  wake(wake: Wake): Promise<void> {
    this.wakes.push(wake);
    if (!this.timers.has(wake.name))
      this.timers.set(wake.name, setTimeout(() => this.ring(wake), wake.delayMs).unref());
    return Promise.resolve();
  }

  listen(lane: QueueName, concurrency: number, handler: WakeHandler): Promise<void> {
    this.listeners.set(lane, { handler, free: concurrency, waiting: [] });
    return Promise.resolve();
  }

  async close(): Promise<void> {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.listeners.clear();
    await Promise.all(this.running);
  }

  private ring({ name, lane, taskId }: Wake): void {
    this.timers.delete(name);
    const listener = this.listeners.get(lane);
    listener?.waiting.push(taskId);
    if (listener) this.next(listener);
  }

  private next(listener: Listener): void {
    const taskId = listener.free > 0 ? listener.waiting.shift() : undefined;
    if (taskId === undefined) return;
    listener.free -= 1;
    const run = listener.handler(taskId).finally(() => {
      listener.free += 1;
      this.running.delete(run);
      this.next(listener);
    });
    this.running.add(run);
  }
}
