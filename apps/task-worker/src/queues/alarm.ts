import { LANES } from '../domain/lane.js';

/** Queues of their own: the lanes of tasks that have not ended, and callbacks about those that have. */
export const QUEUES = [...LANES, 'callback'] as const;
export type QueueName = (typeof QUEUES)[number];

/** That somebody should look at a task. It says nothing of what is to be done: the row does. */
export interface Wake {
  readonly lane: QueueName;
  readonly taskId: string;
  /** Of wakes with one name, one that waits is enough. */
  readonly name: string;
  readonly delayMs: number;
  /** Many ask for this one: whoever has noted it need not note it again before it is due. */
  readonly isShared?: boolean;
}

/** What is done when a wake is due; it throws nothing, and may be run twice for one wake, or never. */
export type WakeHandler = (taskId: string) => Promise<void>;

/**
 * An alarm clock: it may ring twice, late, or not at all, because the rows are the queue of record and a sweeper looks for
 * what it forgot.
 */
export interface Alarm {
  /** Rejects when the wake could not be noted, without waiting for a clock that is away. */
  wake(wake: Wake): Promise<void>;
  /** Has wakes of a lane handled, so many at once. */
  listen(lane: QueueName, concurrency: number, handler: WakeHandler): Promise<void>;
  /** Takes up no more, and waits for what runs, up to the limit. */
  close(limitMs: number): Promise<void>;
}
