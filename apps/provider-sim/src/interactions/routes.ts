import { countTokens } from '../brain/tokens.js';
import { splitModel } from '../faults/fault-marks.js';
import { base64Of } from '../files/sim-file.js';
import { fileAddress, googleFilm } from '../gemini/film-files.js';
import { googleJson } from '../gemini/google-json.js';
import { refuse } from '../gemini/refuse.js';
import type { Render } from '../renders/render.js';
import { ordersIn, queued, queueMsOf, renderMsOf, subjectAt } from '../renders/render.js';
import type { Call, Reply, Route } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';
import type { InteractionRequest } from './read-interaction.js';
import { readInteraction } from './read-interaction.js';

/** What is larger comes by its address, whatever was asked for. */
const INLINE_BYTES_MAX = 4 * 1024 * 1024;
const TOKENS_PER_SECOND = 5_792;

/** What is remembered of an order besides its prompt. */
type Asked = Omit<InteractionRequest, 'subject'>;

const create = (call: Call): Reply => {
  const { subject, background, ...asked } = readInteraction(call);
  return withSubject(subject, () => {
    const orders = ordersIn(subject);
    if (orders.outcome === 'blocked') refuse('The prompt was blocked for safety reasons.');
    const { renders } = call.memory;
    const id = renders.nextName(call.digest);
    const order = { id, wire: 'interactions', key: call.key, ...subject, asked: { ...asked, background } } as const;
    const render = queued(order, call.nowMs);
    if (background) return googleJson(interaction(call, render), { subject, accept: () => void renders.begin(order) });
    // In the foreground the answer comes when the film has.
    const afterMs = queueMsOf(orders) + renderMsOf(orders);
    const done: Render = { ...render, state: 'ended', endedMs: call.nowMs + afterMs };
    return googleJson(interaction(call, done), { subject, afterMs, accept: () => renders.fulfil(order) });
  });
};

const WORDS: Readonly<Record<string, string>> = { filtered: 'failed', empty: 'completed' };

const statusOf = ({ state, orders: { outcome, runningWord } }: Render): string => {
  if (state === 'cancelled') return 'cancelled';
  if (state === 'queued') return 'queued';
  if (state === 'running') return runningWord ?? 'in_progress';
  return outcome === undefined ? 'completed' : (WORDS[outcome] ?? outcome);
};

const ERRORS: Readonly<Record<string, object>> = {
  failed: { code: 'internal', message: 'The video could not be generated.' },
  filtered: { code: 'content_blocked', message: 'The generated video was blocked for safety reasons.' },
};

const interaction = (call: Call, render: Render): object => {
  const status = statusOf(render);
  const { outcome } = render.orders;
  const delivered = status === 'completed' && outcome !== 'empty';
  const error = status === 'failed' ? ERRORS[outcome ?? ''] : undefined;
  return {
    id: render.id,
    object: 'interaction',
    model: splitModel(render.model).name,
    status,
    created: new Date(render.createdMs).toISOString(),
    updated: new Date(render.endedMs ?? render.startedMs ?? render.createdMs).toISOString(),
    ...(error !== undefined && { errors: [error] }),
    steps: delivered ? [{ type: 'model_output', content: [filmIn(call, render)] }] : [],
    ...(delivered && { usage: usageOf(render) }),
  };
};

const filmIn = (call: Call, render: Render): object => {
  const film = googleFilm(render);
  const inline = (render.asked as Asked).delivery === 'inline' && film.bytes <= INLINE_BYTES_MAX;
  const where = inline ? { data: base64Of(film) } : { uri: fileAddress(call, render) };
  return { type: 'video', mime_type: film.type, ...where };
};

const usageOf = ({ prompt, asked }: Render): object => {
  const input = countTokens(prompt);
  const output = (asked as Asked).seconds * TOKENS_PER_SECOND;
  return {
    total_input_tokens: input,
    input_tokens_by_modality: [{ modality: 'text', tokens: input }],
    total_output_tokens: output,
    output_tokens_by_modality: [{ modality: 'video', tokens: output }],
    total_tokens: input + output,
  };
};

const renderOf = (call: Call): Render => {
  const render = call.memory.renders.find('interactions', call.params['id'] ?? '');
  if (render === undefined || render.key !== call.key) return refuse('Requested entity was not found.', 404);
  return render;
};

const retrieve = (call: Call): Reply => {
  const render = renderOf(call);
  render.polls += 1;
  return googleJson(interaction(call, render), { subject: subjectAt(render, 'poll') });
};

/** Only what runs in the background can be called off, and only while it runs. */
const cancel = (call: Call): Reply => {
  const render = renderOf(call);
  const subject = subjectAt(render, 'cancel');
  return withSubject(subject, () => {
    const open = render.state === 'queued' || render.state === 'running';
    if (!open || !(render.asked as Asked).background)
      refuse(`Interaction cannot be cancelled in status ${statusOf(render)}.`);
    const accept = (): void => call.memory.renders.cancel(render);
    const cancelled: Render = { ...render, state: 'cancelled', endedMs: call.nowMs };
    return googleJson(interaction(call, cancelled), { subject, accept });
  });
};

const remove = (call: Call): Reply => {
  const render = renderOf(call);
  return googleJson({}, { accept: () => call.memory.renders.forget(render) });
};

/** Gemini's films by the Interactions API: the guide's version, and the one that the official package asks by default. */
export const INTERACTION_ROUTES: readonly Route[] = ['/v1beta', '/v1'].flatMap((version): readonly Route[] => [
  { method: 'POST', path: `${version}/interactions`, step: 'create', handle: create },
  { method: 'GET', path: `${version}/interactions/{id}`, step: 'poll', handle: retrieve },
  { method: 'POST', path: `${version}/interactions/{id}/cancel`, step: 'cancel', handle: cancel },
  { method: 'DELETE', path: `${version}/interactions/{id}`, handle: remove },
]);
