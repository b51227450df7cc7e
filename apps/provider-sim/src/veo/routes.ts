import { fileAddress } from '../gemini/film-files.js';
import { googleJson } from '../gemini/google-json.js';
import { refuse } from '../gemini/refuse.js';
import type { Render } from '../renders/render.js';
import { ordersIn, subjectAt } from '../renders/render.js';
import { splitModel } from '../faults/fault-marks.js';
import type { Call, Reply, Route } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';
import type { FilmRequest } from './read-film-request.js';
import { readFilmRequest } from './read-film-request.js';

const KEPT_MS = 2 * 24 * 60 * 60 * 1_000;
const TYPE = 'type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse';
const INTERNAL = 13;

const FILTER_REASON =
  "We encountered an issue with your prompt because it violates Gemini API's usage guidelines. You were not charged for this request.";

/** What is remembered of an order besides its prompt. */
type Asked = Omit<FilmRequest, 'subject'>;

const create = (call: Call): Reply => {
  const { subject, ...asked } = readFilmRequest(call);
  return withSubject(subject, () => {
    if (ordersIn(subject).outcome === 'blocked') refuse(FILTER_REASON);
    const { renders } = call.memory;
    const id = renders.nextName(call.digest).toLowerCase();
    const order = { id, wire: 'veo', key: call.key, ...subject, asked } as const;
    return googleJson({ name: nameOf(order) }, { subject, accept: () => void renders.begin(order) });
  });
};

const nameOf = ({ model, id }: Pick<Render, 'model' | 'id'>): string =>
  `models/${splitModel(model).name}/operations/${id}`;

const poll = (call: Call): Reply => {
  const render = call.memory.renders.find('veo', call.params['id'] ?? '');
  if (render === undefined) return refuse('Operation not found.', 404);
  // Operations belong to the project of the key that began them; to any other they are not missing but forbidden.
  if (render.key !== call.key) return refuse('The caller does not have permission', 403);
  const subject = subjectAt(render, 'poll');
  return withSubject(subject, () => {
    if (render.endedMs !== undefined && render.endedMs + KEPT_MS <= call.nowMs) refuse('Operation not found.', 404);
    render.polls += 1;
    return googleJson({ name: nameOf(render), ...(render.state === 'ended' && ended(call, render)) }, { subject });
  });
};

const ended = (call: Call, render: Render): object => {
  const { outcome, samples, itemErrors } = render.orders;
  if (outcome !== undefined && outcome !== 'filtered' && outcome !== 'empty')
    return {
      done: true,
      error: { code: INTERNAL, message: 'Video generation failed due to an internal server issue.' },
    };
  const wanted = outcome === 'empty' ? 0 : (samples ?? (render.asked as Asked).samples);
  const kept = outcome === 'filtered' ? 0 : Math.max(0, wanted - (itemErrors ?? 0));
  const films = Array.from({ length: kept }, (_, index) => ({ video: { uri: fileAddress(call, render, index) } }));
  const generateVideoResponse = {
    ...(kept > 0 && { generatedSamples: films }),
    ...(kept < wanted && {
      raiMediaFilteredCount: wanted - kept,
      raiMediaFilteredReasons: Array.from({ length: wanted - kept }, () => FILTER_REASON),
    }),
  };
  return { done: true, response: { '@type': TYPE, generateVideoResponse } };
};

/** Google's films by long-running operations, which nothing can call off. */
export const VEO_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/v1beta/models/{model}:predictLongRunning', step: 'create', handle: create },
  { method: 'GET', path: '/v1beta/models/{model}/operations/{id}', step: 'poll', handle: poll },
];
