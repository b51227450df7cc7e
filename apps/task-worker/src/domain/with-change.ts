import { looksAlike } from './task-view.js';
import type { Change, Task } from './task.js';

/** A task after a step: its version grows when a user can see the difference. */
export function withChange(task: Task, change: Change): Task {
  const changed = { ...task, ...change };
  return looksAlike(task, changed) ? changed : { ...changed, version: task.version + 1 };
}
