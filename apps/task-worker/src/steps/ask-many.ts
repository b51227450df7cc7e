import type { RenderReport } from '@bytespike/contracts';
import { assert, GatewayError } from '@bytespike/kernel';

import { askAgain, reported } from '../domain/after-report.js';
import type { Task } from '../domain/task.js';
import { wireOf } from '../domain/wire-of.js';
import { askOne } from './ask-one.js';
import { callContext } from './call-context.js';
import { LEASE_MS } from './lease.js';
import type { WorkPorts } from './ports.js';
import { save } from './save.js';

/** Within the lease, which is not renewed for those that are asked about by the way. */
const ANSWER_MS = 10_000;
/** What is due so soon is asked about in the same question. */
const SOON_MS = 3_000;

/**
 * Asks about a render and in the same question about others of its credential that are due, where the vendor has such a
 * question. Answers whether it was asked so; then all of them are written.
 */
export async function askMany(task: Task, ports: WorkPorts): Promise<boolean> {
  const { statusMany } = wireOf(task);
  if (!statusMany || task.cancelRequestedAt !== undefined || task.state !== 'running') return false;
  const { now } = ports.moment();
  const others = await ports.store.claimAlike(task, {
    dueBy: now + SOON_MS,
    leaseMs: LEASE_MS,
    limit: statusMany.rendersMax - 1,
  });
  if (others.length === 0) return false;
  const asked = [task, ...others];
  const reports = await ask(asked, ports);
  // What a list does not name it may have forgotten: that is for a question about it alone.
  await Promise.all(
    asked.map((one) => note(one, reports?.[one.upstreamId ?? ''], { ports, isAnswered: reports !== undefined })),
  );
  return true;
}

async function note(
  task: Task,
  report: RenderReport | undefined,
  { ports, isAnswered }: { readonly ports: WorkPorts; readonly isAnswered: boolean },
): Promise<void> {
  const said = report ?? (isAnswered ? await askOne(task, ports) : undefined);
  await save(task, said ? reported(task, said, ports.moment()) : askAgain(task, ports.moment()), ports);
}

async function ask(
  asked: readonly Task[],
  { vendors, logger }: WorkPorts,
): Promise<Readonly<Record<string, RenderReport>> | undefined> {
  const [task] = asked;
  const target = task?.targets[0];
  assert(task && target && task.credentialId !== undefined, 'renders are known by their target and credential');
  const renders = asked.flatMap(({ id, upstreamId }) => (upstreamId === undefined ? [] : [{ upstreamId, workId: id }]));
  try {
    const question = { target, credentialId: task.credentialId, renders };
    return (await vendors.askMany(question, callContext(task, ANSWER_MS))).reports;
  } catch (error) {
    logger.warn(
      { renders: renders.length, kind: GatewayError.from(error).kind },
      'a vendor could not be asked about renders',
    );
    return undefined;
  }
}
