import type { RenderName, RenderReport } from '@bytespike/contracts';
import { assert, GatewayError } from '@bytespike/kernel';

import type { Task } from '../domain/task.js';
import { callContext } from './call-context.js';
import type { WorkPorts } from './ports.js';

const ANSWER_MS = 15_000;

/** By what a render is known at its vendor. */
export const nameOf = ({ targets, credentialId, upstreamId }: Task): RenderName => {
  const [target] = targets;
  assert(
    target && credentialId !== undefined && upstreamId !== undefined,
    'a render is known by its target, its credential and its id',
  );
  return { target, credentialId, upstreamId };
};

/** What a vendor says of one render; undefined when it could not be asked. */
export async function askOne(task: Task, { vendors, moment, logger }: WorkPorts): Promise<RenderReport | undefined> {
  try {
    const submittedAt = task.submittedAt ?? moment().now;
    return await vendors.ask({ ...nameOf(task), workId: task.id, submittedAt }, callContext(task, ANSWER_MS));
  } catch (error) {
    logger.warn({ taskId: task.id, kind: GatewayError.from(error).kind }, 'a vendor could not be asked about a render');
    return undefined;
  }
}
