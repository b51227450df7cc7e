import type { RenderReport } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { askAgain, reported } from '../domain/after-report.js';
import type { Task } from '../domain/task.js';
import { wireOf } from '../domain/wire-of.js';
import { askOne, nameOf } from './ask-one.js';
import { callContext } from './call-context.js';
import type { WorkPorts } from './ports.js';
import { save } from './save.js';

const ANSWER_MS = 30_000;

/** Asks a vendor how a render does; one that nobody wants is stopped when it has just been seen in a state that allows it. */
export async function askRender(task: Task, ports: WorkPorts): Promise<void> {
  const report = await askOne(task, ports);
  if (!report) return save(task, askAgain(task, ports.moment()), ports);
  if (task.cancelRequestedAt !== undefined && (await stop(task, report, ports))) return;
  return save(task, reported(task, report, ports.moment()), ports);
}

/** Answers whether it was stopped, and that is written. */
async function stop(task: Task, report: RenderReport, ports: WorkPorts): Promise<boolean> {
  const { cancel } = wireOf(task);
  if ((report.state !== 'queued' && report.state !== 'running') || !cancel.while.includes(report.state)) return false;
  try {
    const { result } = await ports.vendors.cancel(nameOf(task), callContext(task, ANSWER_MS));
    // What a vendor bills of a stopped render it says in its next report.
    if (result !== 'stopped' || cancel.bills !== 'nothing') return false;
  } catch (error) {
    ports.logger.warn({ taskId: task.id, kind: GatewayError.from(error).kind }, 'a render could not be stopped');
    return false;
  }
  const stopped: RenderReport = { state: 'cancelled', word: 'stopped', rendered: {} };
  await save(task, reported(task, stopped, ports.moment()), ports);
  return true;
}
