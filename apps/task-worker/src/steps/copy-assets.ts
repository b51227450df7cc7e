import type { KeptAsset, MadeAsset } from '@bytespike/contracts';
import { assert, GatewayError } from '@bytespike/kernel';
import { reached } from '@bytespike/service';

import { copied } from '../domain/after-copy.js';
import type { Task } from '../domain/task.js';
import { callContext } from './call-context.js';
import type { WorkPorts } from './ports.js';
import { save } from './save.js';

/** A gigabyte at the pace of a slow vendor. */
const COPY_MS = 30 * 60_000;

type Copy = KeptAsset | 'gone' | 'failed';

/** Copies what is missing of what was made. A copy that is made twice replaces itself. */
export async function copyAssets(task: Task, ports: WorkPorts, signal: AbortSignal): Promise<void> {
  const { report } = task;
  assert(report?.state === 'succeeded', 'what is copied was made');
  reached('task.copy.begun');
  const assets = [...task.assets];
  let areGone = true;
  for (const [index, made] of report.assets.entries()) {
    if (assets[index]) continue;
    const copy = await copyOne(task, { made, index }, { ports, signal });
    if (copy === 'failed') areGone = false;
    else if (copy !== 'gone') assets[index] = copy;
  }
  reached('task.copy.made');
  await save(task, { ...copied({ ...task, assets }, { areGone }, ports.moment()) }, ports);
}

async function copyOne(
  task: Task,
  { made, index }: { readonly made: MadeAsset; readonly index: number },
  { ports: { vendors, logger }, signal }: { readonly ports: WorkPorts; readonly signal: AbortSignal },
): Promise<Copy> {
  const { targets, credentialId } = task;
  const [target] = targets;
  assert(target && credentialId !== undefined, 'what was made was made by somebody');
  try {
    const input = { workId: task.id, target, credentialId, asset: made, index };
    const sink = { head: () => undefined, data: () => undefined };
    const outcome = await vendors.fetch({ input }, sink, callContext(task, COPY_MS, signal));
    if (outcome.type === 'kept') return outcome.asset;
    logger.warn({ taskId: task.id, index, kind: outcome.failure.kind, isGone: outcome.isGone }, 'a copy was not made');
    return outcome.isGone ? 'gone' : 'failed';
  } catch (error) {
    signal.throwIfAborted();
    logger.warn({ taskId: task.id, index, kind: GatewayError.from(error).kind }, 'a copy was not made');
    return 'failed';
  }
}
