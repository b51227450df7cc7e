import type { ClientFor, MediaKind, MediaPlan, Principal, routing } from '@bytespike/contracts';
import { readSubmission, REPEAT_NAME, type Submission } from '@bytespike/media';

import { fillAccounting } from '../account-headers.js';
import { judgeAddress } from '../assets/input-keeper.js';
import { authenticate, type AuthenticationPorts } from '../authenticate.js';
import { headerText, holdHeaders, type FlatHeaders } from '../domain/accounting-headers.js';
import { jsonAnswer } from '../http/answer-json.js';
import type { Exchange } from '../http/exchange.js';
import { writeAnswer } from '../http/write-answer.js';
import { answerOnce, type AnswerOncePorts } from '../idempotency/answer-once.js';
import { readIdempotencyKey } from '../idempotency/idempotency-key.js';
import type { RecordedAnswer } from '../idempotency/record-answer.js';
import type { RepeatableRequest } from '../idempotency/repeatable-request.js';
import type { Keeping } from '../idempotency/run-claimed.js';
import type { RequestEnd } from '../observe.js';
import { judgeSubmission, type JudgedSubmission } from './judge-submission.js';
import { quoteTask, type QuotePorts } from './quote-task.js';
import { readTaskBody, taskJsonOf } from './read-task-body.js';
import { takeTask, type TakePorts } from './take-task.js';
import { shapedTask, type TaskShape, type TaskShapePorts } from './task-shape.js';

export interface SubmitPorts extends AuthenticationPorts, Omit<AnswerOncePorts, 'billing'>, TaskShapePorts {
  readonly routing: Pick<ClientFor<typeof routing>, 'planMedia'>;
  readonly tasks: TakePorts['tasks'] & QuotePorts['tasks'];
  readonly billing: AnswerOncePorts['billing'] & QuotePorts['billing'];
  readonly assets: TakePorts['assets'];
  readonly foreignAddresses: TakePorts['foreignAddresses'];
}

/** One of the two addresses at which tasks are submitted. */
export interface SubmitDoor {
  readonly template: string;
  /** Several in the order of preference, for models that make more than one. */
  readonly kinds: readonly MediaKind[];
  /** The shape of its answers; `as-asked` is the one in which the parameters came. */
  readonly shape: TaskShape | 'as-asked';
}

/**
 * `POST /v1/tasks/submit` and `POST /v1/videos/generations`: judged whole before any money is held, taken by task-worker
 * with its hold or not at all, and answered at once. Errors: those of libs/media and of `tasks.submit`.
 */
export async function serveSubmit(exchange: Exchange, door: SubmitDoor, ports: SubmitPorts): Promise<RequestEnd> {
  const principal = await authenticate(exchange, ports);
  const clientKey = readIdempotencyKey(exchange.request.headers);
  const body = await readTaskBody(exchange, ports);
  const run = async (repeatName?: string, keeping?: Keeping): Promise<RequestEnd> => {
    const { answer, model } = await submit(exchange, { principal, door, body, repeatName }, ports);
    await fillAccounting(exchange, ports);
    writeAnswer(exchange, { ...answer, headers: [...(exchange.accounting ?? []), ...answer.headers] });
    await keeping?.keep(answer);
    return { result: 'complete', model };
  };
  if (clientKey === undefined) return run();
  const route = `POST ${door.template}`;
  const named = { clientKey, keyId: principal.keyId, route, settings: [], body, stream: false };
  return answerOnce(exchange, named, ports, (keeping) => run(repeatNameOf(named, ports), keeping));
}

/** Kept answers are for a day, and a process may die before it has kept one; a task stays, and is found by its name. */
function repeatNameOf(named: RepeatableRequest, { answers }: Pick<SubmitPorts, 'answers'>): string {
  const { name, requestHash } = answers.fingerprint(named);
  return `${REPEAT_NAME}${name}.${requestHash}`;
}

interface Asked {
  readonly principal: Principal;
  readonly door: SubmitDoor;
  readonly body: Buffer;
  readonly repeatName: string | undefined;
}

async function submit(
  { context }: Exchange,
  { principal, door, body, repeatName }: Asked,
  ports: SubmitPorts,
): Promise<{ readonly answer: RecordedAnswer; readonly model: string }> {
  const submission = readSubmission(taskJsonOf(body));
  const { model: name, callbackUrl, dryRun } = submission;
  if (callbackUrl !== undefined) judgeAddress(callbackUrl, ports.foreignAddresses, 'callback_url');
  const { groupId } = principal;
  const plan = await ports.routing.planMedia({ groupId, model: name, kinds: [...door.kinds] }, context);
  const judged = judgeSubmission(submission, plan);
  if (dryRun) {
    const quote = await quoteTask(context, plan, judged, ports);
    return { answer: withHeaders(quote.body, plan, judged, holdHeaders(quote.hold)), model: plan.model };
  }
  const { task, holdBasis } = await takeTask(context, { principal, submission, plan, judged, repeatName }, ports);
  const shape = door.shape === 'as-asked' ? shapeOf(submission) : door.shape;
  const held = holdHeaders({ amount: task.estimatedCost, basis: holdBasis });
  return { answer: withHeaders(shapedTask(task, shape, ports), plan, judged, held), model: plan.model };
}

/** Parameters beside the model are asked in the shape of the video pages (contract 9.7). */
const shapeOf = ({ at }: Submission): TaskShape => (at === '' ? 'flat' : 'canonical');

function withHeaders(
  body: object,
  { model, alias }: MediaPlan,
  { warnings }: JudgedSubmission,
  held: FlatHeaders,
): RecordedAnswer {
  const answer = jsonAnswer(body, 200);
  const renamed = alias === undefined ? [] : ['X-Model-Alias', headerText(`${alias} -> ${model}`)];
  const warned = warnings.length === 0 ? [] : ['x-gateway-warnings', headerText(warnings.join(', '))];
  return { ...answer, headers: [...held, ...renamed, ...warned, ...answer.headers] };
}
