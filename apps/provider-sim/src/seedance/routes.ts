import type { Render } from '../renders/render.js';
import { ordersIn, subjectAt, subjectOfList } from '../renders/render.js';
import type { Call, JsonReply, Reply, Route } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';
import { callBack } from './callbacks.js';
import { readTaskRequest, refuseParameter } from './read-task-request.js';
import { statusOf, taskObject } from './render-task.js';

const BASE = '/api/v3/contents/generations/tasks';
const NAME_LENGTH = 5;
const PAGE_USUAL = 10;
const PAGE_MAX = 500;
const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

const json = (body: object, more: Partial<JsonReply> = {}): JsonReply => ({
  type: 'json',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  ...more,
});

const hostOf = (call: Call): string => call.headers.host ?? '127.0.0.1';

const create = (call: Call): Reply => {
  const { subject, ...asked } = readTaskRequest(call);
  return withSubject(subject, () => {
    if (ordersIn(subject).outcome === 'blocked')
      throw new Refusal({
        status: 400,
        code: 'InputTextSensitiveContentDetected',
        message: 'The request failed because the input text may contain sensitive information.',
      });
    const { renders } = call.memory;
    const moment = new Date(call.nowMs).toISOString().replace(/\D/g, '').slice(0, 14);
    // Short names repeat; what makes this one its own is the whole of it.
    const id = `cgt-${moment}-${renders
      .nextName(call.digest)
      .toLowerCase()
      .slice(0, NAME_LENGTH * 2)}`;
    const order = { id, wire: 'seedance', key: call.key, ...subject, asked } as const;
    const { callbackUrl: url } = asked;
    const moved =
      url === undefined ? undefined : (render: Render): void => void callBack(render, { url, host: hostOf(call) });
    return json({ id }, { subject, accept: () => void renders.begin(order, moved) });
  });
};

const renderOf = (call: Call): Render => {
  const id = call.params['id'] ?? '';
  const render = call.memory.renders.find('seedance', id);
  if (render === undefined || render.key !== call.key || render.createdMs + KEPT_MS <= call.nowMs)
    throw new Refusal({
      status: 404,
      code: 'ResourceNotFound',
      message: `The specified task ${id} is not found.`,
    });
  return render;
};

const retrieve = (call: Call): Reply => {
  const render = renderOf(call);
  render.polls += 1;
  return json(taskObject(render, hostOf(call)), { subject: subjectAt(render, 'poll') });
};

const numberIn = (call: Call, name: string, usual: number, max: number): number => {
  const value = Number(call.query.get(name) ?? usual);
  return Number.isInteger(value) && value >= 1 && value <= max ? value : refuseParameter(name);
};

/** Many tasks in one look: by name, by status, by model. */
const list = (call: Call): Reply => {
  const ids = call.query.getAll('filter.task_ids').flatMap((text) => text.split(','));
  const [status, model] = [call.query.get('filter.status'), call.query.get('filter.model')];
  const size = numberIn(call, 'page_size', PAGE_USUAL, PAGE_MAX);
  const start = (numberIn(call, 'page_num', 1, PAGE_MAX) - 1) * size;
  const { renders } = call.memory;
  const named = ids.map((id) => renders.find('seedance', id)).filter((render) => render !== undefined);
  const meant = (ids.length > 0 ? named : renders.all('seedance').toReversed()).filter(
    (render) =>
      render.key === call.key &&
      (status === null || statusOf(render) === status) &&
      (model === null || render.model === model),
  );
  const items = meant.slice(start, start + size);
  for (const render of items) render.polls += 1;
  const listed = items.map((render) => taskObject(render, hostOf(call), 'failure_reason'));
  return json({ total: meant.length, items: listed }, { subject: subjectOfList(items) });
};

/** One verb for two things: what waits is called off, what is over is forgotten. What runs can be neither. */
const remove = (call: Call): Reply => {
  const render = renderOf(call);
  const subject = subjectAt(render, 'cancel');
  return withSubject(subject, () => {
    const { renders } = call.memory;
    if (render.state === 'running')
      throw new Refusal({
        status: 409,
        code: 'InvalidAction.RunningTaskDeletion',
        message: `The task ${render.id} is running and cannot be cancelled or deleted.`,
      });
    const accept = (): void => (render.state === 'queued' ? renders.cancel(render) : renders.forget(render));
    return json({}, { subject, accept });
  });
};

/** ByteDance's films, as tasks on Ark. */
export const TASK_ROUTES: readonly Route[] = [
  { method: 'POST', path: BASE, step: 'create', handle: create },
  { method: 'GET', path: BASE, step: 'list', handle: list },
  { method: 'GET', path: `${BASE}/{id}`, step: 'poll', handle: retrieve },
  { method: 'DELETE', path: `${BASE}/{id}`, step: 'cancel', handle: remove },
];
