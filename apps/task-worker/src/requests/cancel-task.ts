import type { TaskName, TaskView } from '@bytespike/contracts';

import { isEnded } from '../domain/task.js';
import { taskView } from '../domain/task-view.js';
import { arrange } from '../steps/save.js';
import { workOnTask } from '../steps/work-on-task.js';
import { findTask } from './read-task.js';
import type { RequestPorts } from './request-ports.js';

/** Deciding that it is cancelled, and having the ledger agree. */
const STEPS_AT_ONCE = 2;

/** Wishes a task away. One that was never sent is cancelled before this is answered, if the ledger is quick; others when their vendors say so. */
export async function cancelTask(name: TaskName, ports: RequestPorts): Promise<{ task: TaskView }> {
  const task = await findTask(name, ports);
  if (isEnded(task)) return { task: taskView(task) };
  const wished = await ports.store.requestCancel(task.id, ports.moment().now);
  if (wished?.state === 'pending') for (let step = 0; step < STEPS_AT_ONCE; step += 1) await workOnTask(task.id, ports);
  else if (wished) await arrange(wished, ports);
  return { task: taskView(await findTask(name, ports)) };
}
