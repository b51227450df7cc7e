import { assert, GatewayError } from '@bytespike/kernel';

import { accepted, neverArrived, sent, unclear, type TakenRender } from '../domain/after-send.js';
import type { Task } from '../domain/task.js';
import { wireOf } from '../domain/wire-of.js';
import type { Span } from '../store/task-store.js';
import { callContext } from './call-context.js';
import { findDrawn } from './find-drawn.js';
import type { WorkPorts } from './ports.js';
import { save } from './save.js';

const ANSWER_MS = 30_000;
/** Two machines' clocks, and a vendor's, of whose list as much is looked through before and after a send. */
const CLOCKS_MS = 120_000;

/**
 * Looks for a render whose submit was lost with its sender. It is sent again only when its vendor's whole list says that it
 * never came, and when nothing of ours can still be on its way.
 */
export async function lookUpRender(task: Task, ports: WorkPorts): Promise<void> {
  const { now } = ports.moment();
  const { sentAt = now, arrivedBy = now } = task;
  if (!wireOf(task).lookUp) {
    const drawn = await findDrawn(task, ports);
    const at = ports.moment();
    return save(task, drawn ? sent(task, drawn, at) : unclear(task, undefined, at), ports);
  }
  const time = { since: sentAt - CLOCKS_MS, until: arrivedBy + CLOCKS_MS };
  const answer = await ask(task, ports, { sentAt, arrivedBy, time });
  if (answer.type === 'found' && (answer.isCertain || (await isNobodysElse(task, time, ports)))) {
    const { upstreamId, credentialId } = answer;
    if (await take(task, { upstreamId, credentialId, sentAt }, ports)) return;
  }
  if (answer.type === 'absent' && now >= arrivedBy) return save(task, neverArrived(task, ports.moment()), ports);
  return save(task, unclear(task, undefined, ports.moment()), ports);
}

/** Asked after the list was read: what is only likely may be that of another send, under way or lost too. */
async function isNobodysElse(task: Task, time: Span, { store }: WorkPorts): Promise<boolean> {
  return !(await store.hasOtherSends(task, targetOf(task).channelId, time));
}

/** False when it is another's, who has written so since. */
async function take(task: Task, render: TakenRender, ports: WorkPorts): Promise<boolean> {
  try {
    await save(task, accepted(task, render, ports.moment()), ports);
    return true;
  } catch (error) {
    if (GatewayError.from(error).kind === 'conflict') return false;
    throw error;
  }
}

interface Sending {
  readonly sentAt: number;
  readonly arrivedBy: number;
  /** In which others may have sent what the list shows. */
  readonly time: Span;
}

async function ask(task: Task, { store, vendors, logger }: WorkPorts, { time, ...window }: Sending) {
  const { asked, mark, credentialId } = task;
  const target = targetOf(task);
  assert(asked, 'a task that was sent says what');
  const known = [...(await store.otherRenders(task, target.channelId, time))];
  try {
    const lost = { target, asked, mark, known, ...window, ...(credentialId !== undefined && { credentialId }) };
    return await vendors.lookUp(lost, callContext(task, ANSWER_MS));
  } catch (error) {
    logger.warn({ taskId: task.id, kind: GatewayError.from(error).kind }, 'a lost submit could not be looked up');
    return { type: 'unclear' as const };
  }
}

function targetOf({ targets }: Task): Task['targets'][number] {
  const [target] = targets;
  assert(target, 'a task that was sent says to whom');
  return target;
}
