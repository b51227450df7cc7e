import { assert, GatewayError } from '@bytespike/kernel';

import { accepted, neverArrived, unclear } from '../domain/after-send.js';
import type { Task } from '../domain/task.js';
import { wireOf } from '../domain/wire-of.js';
import { callContext } from './call-context.js';
import type { WorkPorts } from './ports.js';
import { save } from './save.js';

const ANSWER_MS = 30_000;
/** Two machines' clocks, and a vendor's. */
const CLOCKS_MS = 60_000;

/**
 * Looks for a render whose submit was lost with its sender. It is sent again only when its vendor's whole list says that it
 * never came, and when nothing of ours can still be on its way.
 */
export async function lookUpRender(task: Task, ports: WorkPorts): Promise<void> {
  const { now } = ports.moment();
  const { sentAt = now, arrivedBy = now } = task;
  if (!wireOf(task).lookUp) return save(task, unclear(task, undefined, ports.moment()), ports);
  const [target] = task.targets;
  assert(target, 'a task that was sent says to whom');
  // While others' sends are under way, a render nobody knows yet may be theirs.
  if (now < arrivedBy && (await ports.store.hasOtherSends(task, target.channelId)))
    return save(task, unclear(task, undefined, ports.moment()), ports);
  const answer = await ask(task, ports, { sentAt, arrivedBy });
  if (answer.type === 'found') {
    const { upstreamId, credentialId } = answer;
    return save(task, accepted(task, { upstreamId, credentialId, sentAt }, ports.moment()), ports);
  }
  if (answer.type === 'absent' && now >= arrivedBy) return save(task, neverArrived(task, ports.moment()), ports);
  return save(task, unclear(task, undefined, ports.moment()), ports);
}

async function ask(task: Task, { store, vendors, logger }: WorkPorts, window: { sentAt: number; arrivedBy: number }) {
  const { asked, mark, credentialId } = task;
  const [target] = task.targets;
  assert(asked && target, 'a task that was sent says what and to whom');
  const known = [...(await store.otherRenders(task, target.channelId, window.sentAt - CLOCKS_MS))];
  try {
    const lost = { target, asked, mark, known, ...window, ...(credentialId !== undefined && { credentialId }) };
    return await vendors.lookUp(lost, callContext(task, ANSWER_MS));
  } catch (error) {
    logger.warn({ taskId: task.id, kind: GatewayError.from(error).kind }, 'a lost submit could not be looked up');
    return { type: 'unclear' as const };
  }
}
