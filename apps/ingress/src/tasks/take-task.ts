import type { CallContext, ClientFor, MediaAsked, MediaPlan, Principal, tasks } from '@bytespike/contracts';
import { ERROR_KINDS, GatewayError } from '@bytespike/kernel';
import type { Submission } from '@bytespike/media';

import { createInputKeeper, type InputPorts } from '../assets/input-keeper.js';
import { inputHash } from './input-hash.js';
import type { JudgedSubmission } from './judge-submission.js';

export interface TakePorts extends InputPorts {
  readonly tasks: Pick<ClientFor<typeof tasks>, 'submit'>;
}

type SubmitInput = Parameters<TakePorts['tasks']['submit']>[0];

type Taken = Awaited<ReturnType<TakePorts['tasks']['submit']>>;

export interface Taking {
  readonly principal: Principal;
  readonly submission: Submission;
  readonly plan: MediaPlan;
  readonly judged: JudgedSubmission;
  /** Of a submission that came with an `Idempotency-Key`: the task's name where its client gave it none. */
  readonly repeatName: string | undefined;
}

/** A client that leaves now must not leave us wondering whether there is a task. */
const NEVER = new AbortController().signal;

/**
 * Hands a judged submission to task-worker, its inputs in the object store. What was kept for a task that does not come to
 * be, or that there was already, is forgotten. Errors: those of `tasks.submit`.
 */
export async function takeTask(context: CallContext, taking: Taking, ports: TakePorts): Promise<Taken> {
  const inputs = createInputKeeper(ports);
  const asked = await taking.judged.asked(inputs).catch(async (thrown: unknown) => {
    await inputs.discard();
    throw thrown;
  });
  try {
    const taken = await ports.tasks.submit(submitInput(taking, asked), { ...context, signal: NEVER });
    if (!taken.isNew) await inputs.discard();
    return taken;
  } catch (thrown) {
    // A refusal made no task. Silence may have made one, which needs what was kept for it.
    if (ERROR_KINDS[GatewayError.from(thrown).kind].fault === 'client') await inputs.discard();
    throw thrown;
  }
}

function submitInput(taking: Taking, asked: MediaAsked): SubmitInput {
  const { principal, submission, plan, judged, repeatName } = taking;
  const { outTaskId = repeatName, callbackUrl, params } = submission;
  const { model, alias, targets } = plan;
  return {
    ...{ principal, model, asked, targets },
    ...(alias !== undefined && { alias }),
    estimatedSeconds: judged.estimatedSeconds,
    ...(outTaskId !== undefined && { outTaskId }),
    inputHash: inputHash(model, params),
    ...(callbackUrl !== undefined && { callbackUrl }),
  };
}
