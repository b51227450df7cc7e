import type { RenderReport } from '@bytespike/contracts';
import { assert, GatewayError } from '@bytespike/kernel';

import type { Task } from '../domain/task.js';
import { wireOf } from '../domain/wire-of.js';
import { callContext } from './call-context.js';
import type { WorkPorts } from './ports.js';

const ANSWER_MS = 10_000;

/** Whether renders of one credential can be asked about in one question. */
export function canAskMany(tasks: readonly Task[]): boolean {
  const [task] = tasks;
  const most = task && wireOf(task).statusMany?.rendersMax;
  return most !== undefined && tasks.length > 1 && tasks.length <= most;
}

/** Reports by the vendor's ids; undefined when it could not be asked. What it does not name is absent. */
export async function askMany(
  tasks: readonly Task[],
  { vendors, logger }: WorkPorts,
): Promise<Readonly<Record<string, RenderReport>> | undefined> {
  const [task] = tasks;
  const target = task?.targets[0];
  assert(task && target && task.credentialId !== undefined, 'renders are known by their target and credential');
  const renders = tasks.flatMap(({ id, upstreamId }) => (upstreamId === undefined ? [] : [{ upstreamId, workId: id }]));
  try {
    const question = { target, credentialId: task.credentialId, renders };
    return (await vendors.askMany(question, callContext(task, ANSWER_MS))).reports;
  } catch (error) {
    const { kind } = GatewayError.from(error);
    logger.warn({ renders: renders.length, kind }, 'a vendor could not be asked about renders');
    return undefined;
  }
}
