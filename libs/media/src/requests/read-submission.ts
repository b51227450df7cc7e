import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';
import { z } from 'zod';

import { REPEAT_NAME } from '../answers/task-parts.js';
import { invalidParam } from './invalid-param.js';
import { OutTaskId } from './scalars.js';

/** What a client submits, before its model is known to make pictures or films. */
export interface Submission {
  readonly model: string;
  /** The model's own parameters, unread. */
  readonly params: JsonObject;
  /** Where they stood: `params.` or nothing. */
  readonly at: string;
  readonly outTaskId: string | undefined;
  readonly callbackUrl: string | undefined;
  /** Whether only the price is wanted. */
  readonly dryRun: boolean;
}

const Envelope = z.object({
  model: z.string('name a model').min(1, 'name a model').max(200),
  // Such a name is hidden from clients, because none of them gave it.
  out_task_id: OutTaskId.refine(
    (name) => !name.startsWith(REPEAT_NAME),
    `must not begin with "${REPEAT_NAME}"`,
  ).nullish(),
  callback_url: z
    .string()
    .max(2_048)
    .regex(/^https?:\S+$/i, 'give an http(s) address')
    .nullish(),
  dry_run: z.boolean().nullish(),
});

/** `stream` is reserved and ignored on submit (contract 9.1). */
const ENVELOPE: ReadonlySet<string> = new Set([...Object.keys(Envelope.shape), 'params', 'stream']);

/**
 * `/v1/tasks/submit` in both of its shapes, and `/v1/videos/generations`, which is the second one (contract C1): the
 * model's parameters in `params`, or beside the model.
 */
export function readSubmission(body: JsonValue): Submission {
  if (!isJsonObject(body)) throw invalidParam('body', 'give a JSON object');
  const parsed = Envelope.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalidParam(issue?.path.join('.') ?? 'body', issue?.message ?? 'invalid');
  }
  const { model, out_task_id: outTaskId, callback_url: callbackUrl, dry_run: dryRun } = parsed.data;
  return {
    model,
    ...readParams(body),
    outTaskId: outTaskId ?? undefined,
    callbackUrl: callbackUrl ?? undefined,
    dryRun: dryRun ?? false,
  };
}

function readParams(body: JsonObject): Pick<Submission, 'params' | 'at'> {
  const beside = Object.entries(body).filter(([name, value]) => !ENVELOPE.has(name) && value !== undefined);
  const { params } = body;
  if (params === undefined || params === null) return { params: Object.fromEntries(beside), at: '' };
  if (!isJsonObject(params)) throw invalidParam('params', 'give a JSON object');
  const [stray] = beside;
  if (stray) throw invalidParam(stray[0], 'belongs into params, where the other parameters are');
  return { params, at: 'params.' };
}
