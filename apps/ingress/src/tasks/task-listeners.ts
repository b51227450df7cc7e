import type { TaskView } from '@bytespike/contracts';
import { GatewayError, LIMITS } from '@bytespike/kernel';

import { createPlaces, type Places } from '../domain/places.js';

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

/** Whoever listens to tasks in this process. One subscription serves all of them, however many there are. */
export class TaskListeners {
  private readonly byTask = new Map<string, Set<TaskListener>>();
  private readonly places: Places;
  private listening = 0;
  private isClosed = false;

  constructor(
    private readonly listenersMax: number = LIMITS.taskListenersMax,
    perKeyMax: number = LIMITS.taskListenersPerKeyMax,
  ) {
    this.places = createPlaces(perKeyMax, 'clients of one API key may listen to tasks here at once');
  }

  /**
   * Listens until the function that it returns is called. Throws `unavailable` beyond the limit of all, and while going
   * down, and `concurrency` beyond that of a key.
   */
  add({ taskId, keyId }: ListenedTask, listener: TaskListener): () => void {
    if (this.isClosed || this.listening >= this.listenersMax)
      throw new GatewayError('unavailable', 'too many listen to tasks here');
    const leavePlace = this.places.take(keyId);
    const listeners = this.byTask.get(taskId) ?? new Set();
    this.byTask.set(taskId, listeners.add(listener));
    this.listening += 1;
    return () => {
      if (!listeners.delete(listener)) return;
      this.listening -= 1;
      leavePlace();
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
}
