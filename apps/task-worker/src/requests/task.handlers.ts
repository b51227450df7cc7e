import type { HandlersFor, tasks } from '@bytespike/contracts';

import { shownOf } from '../domain/hold-request.js';
import { taskView } from '../domain/task-view.js';
import { cancelTask } from './cancel-task.js';
import { findTask } from './read-task.js';
import type { RequestPorts } from './request-ports.js';
import { submitTask } from './submit-task.js';

type TaskHandlers = Pick<HandlersFor<typeof tasks>, 'submit' | 'estimate' | 'read' | 'readMany' | 'cancel'>;

/** What owners of tasks ask. Everything but a submit and a cancel is answered from the rows alone. */
export const taskHandlers = (ports: RequestPorts): TaskHandlers => ({
  submit: (input, context) => submitTask(input, context, ports),
  estimate: async ({ model, asked, estimatedSeconds }) => ({
    estimatedSeconds: await ports.estimates.expect(model, shownOf(asked), estimatedSeconds),
  }),
  read: async (name) => ({ task: taskView(await findTask(name, ports)) }),
  readMany: async ({ taskIds }) => ({ tasks: (await ports.store.readMany(taskIds)).map(taskView) }),
  cancel: (name) => cancelTask(name, ports),
});
