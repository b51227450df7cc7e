import type { CallContext, ClientFor, MediaPlan, Principal, tasks, TaskView } from '@bytespike/contracts';
import { ERROR_KINDS, GatewayError } from '@bytespike/kernel';
import type { Submission } from '@bytespike/media';

import { createInputKeeper, type InputPorts } from '../assets/input-keeper.js';
import { inputHash } from './input-hash.js';
import type { JudgedSubmission } from './judge-submission.js';

export interface TakePorts extends InputPorts {
  readonly tasks: Pick<ClientFor<typeof tasks>, 'submit'>;
}

export interface Taking {
  readonly principal: Principal;
  readonly submission: Submission;
  readonly plan: MediaPlan;
  readonly judged: JudgedSubmission;
}

/** A client that leaves now must not leave us wondering whether there is a task. */
const NEVER = new AbortController().signal;

/**
 * Hands a judged submission to task-worker, its inputs in the object store. What was kept for a task that does not come to
 * be, or that there was already, is forgotten. Errors: those of `tasks.submit`.
 */
export async function takeTask(context: CallContext, taking: Taking, ports: TakePorts): Promise<TaskView> {
  const { principal, submission, plan, judged } = taking;
  const { outTaskId, callbackUrl } = submission;
  const inputs = createInputKeeper(ports);
  try {
    const asked = await judged.asked(inputs);
    const { task, isNew } = await ports.tasks.submit(
      {
        principal,
        model: plan.model,
        ...(plan.alias !== undefined && { alias: plan.alias }),
        asked,
        targets: plan.targets,
        estimatedSeconds: judged.estimatedSeconds,
        ...(outTaskId !== undefined && { outTaskId }),
        inputHash: inputHash(plan.model, submission.params),
        ...(callbackUrl !== undefined && { callbackUrl }),
      },
      { ...context, signal: NEVER },
    );
    if (!isNew) await inputs.discard();
    return task;
  } catch (thrown) {
    // A refusal made no task. Silence may have made one, which needs what was kept for it.
    if (ERROR_KINDS[GatewayError.from(thrown).kind].fault === 'client') await inputs.discard();
    throw thrown;
  }
}
