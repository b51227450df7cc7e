import type { TaskView } from '@bytespike/contracts';
import { GatewayError, LIMITS } from '@bytespike/kernel';

/** Somebody who listens to one task. */
export interface TaskListener {
  /** Told of the task as it is now; perhaps again, and perhaps of what it knows already. */
  hear(task: TaskView): void;
  /** Nothing will be told any more: this process is going down. */
  close(): void;
}

/** A task, and the key in whose name somebody listens to it. */
export interface ListenedTask {
  readonly taskId: string;
  readonly keyId: string;
}

const AGAIN_MS = 1_000;

const tooManyOfKey = (max: number): GatewayError =>
  new GatewayError('concurrency', `At most ${max} clients of one API key may listen to tasks here at once.`, {
    retryAfterMs: AGAIN_MS,
  });

/** Whoever listens to tasks in this process. One subscription serves all of them, however many there are. */
export class TaskListeners {
  private readonly byTask = new Map<string, Set<TaskListener>>();
  private readonly countByKey = new Map<string, number>();
  private listening = 0;
  private isClosed = false;

  constructor(
    private readonly listenersMax: number = LIMITS.taskListenersMax,
    private readonly perKeyMax: number = LIMITS.taskListenersPerKeyMax,
  ) {}

  /**
   * Listens until the function that it returns is called. Throws `unavailable` beyond the limit of all, and while going
   * down, and `concurrency` beyond that of a key.
   */
  add({ taskId, keyId }: ListenedTask, listener: TaskListener): () => void {
    if (this.isClosed || this.listening >= this.listenersMax)
      throw new GatewayError('unavailable', 'too many listen to tasks here');
    const ofKey = this.countByKey.get(keyId) ?? 0;
    if (ofKey >= this.perKeyMax) throw tooManyOfKey(this.perKeyMax);
    this.countByKey.set(keyId, ofKey + 1);
    const listeners = this.byTask.get(taskId) ?? new Set();
    this.byTask.set(taskId, listeners.add(listener));
    this.listening += 1;
    return () => {
      if (!listeners.delete(listener)) return;
      this.listening -= 1;
      this.leaveKey(keyId);
      if (listeners.size === 0 && this.byTask.get(taskId) === listeners) this.byTask.delete(taskId);
    };
  }

  tell(task: TaskView): void {
    for (const listener of this.byTask.get(task.taskId) ?? []) listener.hear(task);
  }

  /** The tasks that anybody listens to. */
  taskIds(): readonly string[] {
    return [...this.byTask.keys()];
  }

  /** Lets everybody go, to listen elsewhere. */
  close(): void {
    this.isClosed = true;
    for (const listeners of this.byTask.values()) for (const listener of listeners) listener.close();
  }

  private leaveKey(keyId: string): void {
    const left = (this.countByKey.get(keyId) ?? 0) - 1;
    if (left > 0) this.countByKey.set(keyId, left);
    else this.countByKey.delete(keyId);
  }
}
