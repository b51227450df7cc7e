import type { CancelOutlook, TaskName, TaskView } from '@bytespike/contracts';

import { cancelOutlook } from '../domain/cancel-outlook.js';
import { isEnded, type Task } from '../domain/task.js';
import { taskView } from '../domain/task-view.js';
import { arrange } from '../steps/save.js';
import { workOnTask } from '../steps/work-on-task.js';
import { findTask } from './read-task.js';
import type { RequestPorts } from './request-ports.js';

/** Deciding that it is cancelled, and having the ledger agree. */
const STEPS_AT_ONCE = 2;

interface Cancelled {
  readonly task: TaskView;
  readonly outlook?: CancelOutlook;
}

/** Wishes a task away. One that was never sent is cancelled before this is answered, if the ledger is quick; others when their vendors say so. */
export async function cancelTask(name: TaskName, ports: RequestPorts): Promise<Cancelled> {
  const task = await findTask(name, ports);
  if (isEnded(task)) return told(task);
  const wished = await ports.store.requestCancel(task.id, ports.moment().now);
  if (wished?.state === 'pending') for (let step = 0; step < STEPS_AT_ONCE; step += 1) await workOnTask(task.id, ports);
  else if (wished) await arrange(wished, ports);
  return told(await findTask(name, ports));
}

function told(task: Task): Cancelled {
  const outlook = cancelOutlook(task);
  return { task: taskView(task), ...(outlook !== undefined && { outlook }) };
}
