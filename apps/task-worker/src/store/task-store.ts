import type { Placed } from '../domain/lane.js';
import type { Standing, Task, Taken } from '../domain/task.js';

/** A task that somebody should look at. */
export interface DueTask extends Placed {
  readonly id: string;
  readonly fence: number;
  readonly nextActionAt: number | undefined;
}

/** How many tasks have not ended, of one state at one vendor. */
export interface TaskCount {
  readonly state: Task['state'];
  readonly vendor: string;
  readonly open: number;
  readonly oldestMs: number;
  /** Of those, how many have decided their end, or went into review, longer ago than a moment's patience. */
  readonly stuck: number;
  /** How many are due, and nobody's, for longer than a sweep takes. */
  readonly overdue: number;
}

export interface NewTask extends Taken {
  readonly targets: Standing['targets'];
  readonly nextActionAt: number;
}

/** Which task: by our name of it, or by its client's. */
export interface TaskQuery {
  readonly keyId: string;
  readonly taskId?: string | undefined;
  readonly outTaskId?: string | undefined;
}

/** From one moment to another, epoch milliseconds. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

export interface WriteOptions {
  /** Keep the lease for so long, because the step goes on; absent gives it back. */
  readonly keepLeaseMs?: number;
}

/**
 * The queue of record. Whoever works on a task holds its lease; every write names the fence it was read with, so that a
 * worker that was believed dead writes nothing.
 */
export abstract class TaskStore {
  /** Writes a new task, or answers the one there is of that key and name. */
  abstract insert(task: NewTask): Promise<{ readonly task: Task; readonly isNew: boolean }>;
  /** Takes it into the queue once its money is held; whoever comes second finds it there. */
  abstract admit(
    taskId: string,
    held: Pick<Task, 'estimatedCost' | 'nextActionAt' | 'deadlineAt'>,
  ): Promise<Task | undefined>;
  /** Forgets one that was refused, unless somebody has taken it into the queue: then it answers false. */
  abstract withdraw(taskId: string): Promise<boolean>;
  abstract find(query: TaskQuery): Promise<Task | undefined>;
  abstract readMany(taskIds: readonly string[]): Promise<readonly Task[]>;
  abstract countOpen(accountId: string): Promise<number>;
  /** Leases a task that is due; undefined when it is not, has ended, or is somebody else's. */
  abstract claim(taskId: string, now: number, leaseMs: number): Promise<Task | undefined>;
  /** Leases renders about which somebody should ask, the longest due first; what others claim at the same moment is theirs. */
  abstract claimRenders(many: {
    readonly dueBy: number;
    readonly leaseMs: number;
    readonly limit: number;
  }): Promise<readonly Task[]>;
  /** Prolongs leases; answers how many of them are not lost. */
  abstract renew(tasks: readonly Task[], leaseMs: number): Promise<number>;
  /** Gives leases back of renders that go on as they were: only when to ask again, and how often it was asked, is written. */
  abstract postpone(tasks: readonly Task[]): Promise<void>;
  /** Gives a lease back with nothing changed but when to look again. */
  abstract release(task: Task, nextActionAt: number): Promise<void>;
  /** Writes what a step has made of a task; undefined when another has taken it meanwhile. Errors: `conflict`, its render is another task's. */
  abstract write(task: Task, options?: WriteOptions): Promise<Task | undefined>;
  /**
   * Writes what came of the send of that moment, whoever holds the lease by now: only its sender can know it. Undefined when
   * the task has gone on without it.
   */
  abstract writeSent(task: Task, sentAt: number): Promise<Task | undefined>;
  /** Writes the end, and the message to whoever wanted to be told, or neither. */
  abstract end(task: Task): Promise<{ readonly task: Task; readonly deliveryId: string | undefined } | undefined>;
  /** Removes one that was never taken. */
  abstract remove(task: Task): Promise<void>;
  /** Notes that its owner wants it away, and that somebody should look at once; undefined when it has ended. */
  abstract requestCancel(taskId: string, now: number): Promise<Task | undefined>;
  /** Due for longer than `graceMs`, and nobody's: their wake was lost, or its worker. The oldest, so many of each kind of work. */
  abstract overdue(now: number, graceMs: number, limit: number): Promise<readonly DueTask[]>;
  abstract countByState(
    now: number,
    limits: { readonly patienceMs: number; readonly overdueMs: number },
  ): Promise<readonly TaskCount[]>;
  /** Age of the oldest task that has not ended; 0 when there is none. */
  abstract oldestOpenMs(now: number): Promise<number>;
  /** How long renders of a model and of so many units have lately taken, in seconds; the newest first. */
  abstract recentSeconds(model: string, units: number, limit: number): Promise<readonly number[]>;
  /** Tasks in review, oldest first. */
  abstract listReviews(limit: number): Promise<readonly Task[]>;
  /** Leases a task in review, whenever it is due. */
  abstract claimReview(taskId: string, leaseMs: number): Promise<Task | undefined>;
  /** Whether others have sent to a channel in that time what nobody knows the render of: they are under way, or lost too. */
  abstract hasOtherSends(task: Task, channelId: string, time: Span): Promise<boolean>;
  /** Renders of a channel that other tasks sent in that time, the latest first. */
  abstract otherRenders(task: Task, channelId: string, time: Span): Promise<readonly string[]>;
}
