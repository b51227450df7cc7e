import { isObject } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import type { Render } from '../renders/render.js';
import { ordersIn, queued, subjectAt, subjectOfList } from '../renders/render.js';
import { fileReply } from '../wire/file-reply.js';
import type { Call, JsonReply, Reply, Route } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';
import type { VideoRequest } from './read-video-request.js';
import { readVideoRequest } from './read-video-request.js';
import type { AskedVideo } from './render-video.js';
import { expiryMsOf, statusOf, videoFile, videoObject } from './render-video.js';

const WIRE = 'openai-videos';

const json = (call: Call, body: object, more: Partial<JsonReply> = {}): JsonReply => ({
  type: 'json',
  status: 200,
  headers: { 'content-type': 'application/json', 'x-request-id': `req_${call.digest.slice(0, 32)}` },
  body: JSON.stringify(body),
  ...more,
});

/** Takes an order; the film exists once the vendor has accepted it, not before. */
const order = (call: Call, { subject, ...details }: VideoRequest): Reply => {
  const { renders } = call.memory;
  withSubject(subject, () => checkModeration(subject));
  const id = `video_${renders.nextName(call.digest)}`;
  const taken = { id, wire: WIRE, key: call.key, ...subject, asked: details } as const;
  return json(call, videoObject(queued(taken, call.nowMs), call.nowMs), {
    subject,
    accept: () => void renders.begin(taken),
  });
};

const checkModeration = (subject: VideoRequest['subject']): void => {
  if (ordersIn(subject).outcome === 'blocked')
    refuse('Your request was blocked by our moderation system.', { code: 'moderation_blocked' });
};

const renderOf = (call: Call): Render => {
  const id = call.params['id'] ?? '';
  const render = call.memory.renders.find(WIRE, id);
  if (render === undefined || render.key !== call.key)
    return refuse(`Video with id '${id}' not found.`, { status: 404, param: 'id' });
  return render;
};

const retrieve = (call: Call): Reply => {
  const render = renderOf(call);
  render.polls += 1;
  return json(call, videoObject(render, call.nowMs), { subject: subjectAt(render, 'poll') });
};

const remix = (call: Call): Reply => {
  const { id, model, asked: details } = renderOf(call);
  const body = call.json();
  const prompt = isObject(body) && typeof body['prompt'] === 'string' ? body['prompt'] : '';
  if (prompt === '') refuse("Missing required parameter: 'prompt'.", { param: 'prompt' });
  return order(call, { ...(details as AskedVideo), subject: { model, prompt }, remixOf: id });
};

const PAGE_USUAL = 20;
const PAGE_MAX = 100;

const list = (call: Call): Reply => {
  const own = call.memory.renders.all(WIRE).filter(({ key }) => key === call.key);
  const listed = call.query.get('order') === 'asc' ? own : own.toReversed();
  const start = listed.findIndex(({ id }) => id === call.query.get('after')) + 1;
  const limit = Math.min(PAGE_MAX, Number(call.query.get('limit') ?? PAGE_USUAL));
  const data = listed.slice(start, start + limit);
  const page = {
    object: 'list',
    data: data.map((render) => videoObject(render, call.nowMs)),
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < listed.length,
  };
  return json(call, page, { subject: subjectOfList(data) });
};

const content = (call: Call): Reply => {
  const render = renderOf(call);
  const subject = subjectAt(render, 'asset');
  return withSubject(subject, () => {
    if (statusOf(render) !== 'completed')
      refuse('Video is not ready yet, use GET /v1/videos/{video_id} to check status.', { status: 404 });
    if ((expiryMsOf(render) ?? 0) <= call.nowMs || render.orders.outcome === 'empty')
      refuse('The content of this video is no longer available.', { status: 404, code: 'video_expired' });
    const variant = call.query.get('variant') ?? 'video';
    const file = videoFile(render, variant);
    if (file === undefined)
      return refuse(`Invalid value: '${variant}'. Supported values are: 'video', 'thumbnail', and 'spritesheet'.`);
    render.fetches += 1;
    return fileReply(call, file, { subject });
  });
};

/** Only what has ended can be deleted; nothing calls a film off. */
const remove = (call: Call): Reply => {
  const render = renderOf(call);
  if (render.state !== 'ended')
    refuse('Video cannot be deleted while it is being generated.', { status: 400, param: 'id' });
  const accept = (): void => call.memory.renders.forget(render);
  return json(call, { id: render.id, deleted: true, object: 'video.deleted' }, { accept });
};

/** OpenAI's films: ordered, asked after, listed, fetched in variants, deleted. */
export const VIDEO_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/videos',
    step: 'create',
    handle: (call) => order(call, readVideoRequest(call)),
  },
  { method: 'GET', path: '/v1/videos', step: 'list', handle: list },
  { method: 'POST', path: '/v1/videos/{id}/remix', step: 'create', handle: remix },
  { method: 'GET', path: '/v1/videos/{id}', step: 'poll', handle: retrieve },
  { method: 'GET', path: '/v1/videos/{id}/content', step: 'asset', handle: content },
  { method: 'DELETE', path: '/v1/videos/{id}', step: 'cancel', handle: remove },
];
