import type { Alarm, QueueName, Wake, WakeHandler } from '../queues/alarm.js';

/** An alarm clock that rings when a test says so. */
export class ManualAlarm implements Alarm {
  readonly wakes: Wake[] = [];
  private readonly handlers = new Map<QueueName, WakeHandler>();

  wake(wake: Wake): Promise<void> {
    this.wakes.push(wake);
    return Promise.resolve();
  }

  listen(lane: QueueName, _concurrency: number, handler: WakeHandler): Promise<void> {
    this.handlers.set(lane, handler);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
