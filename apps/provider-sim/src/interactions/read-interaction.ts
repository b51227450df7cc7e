import { splitModel } from '../faults/fault-marks.js';
import type { FilmShape } from '../gemini/film-files.js';
import type { Json } from '../gemini/proto.js';
import { isObject } from '../gemini/proto.js';
import { refuse } from '../gemini/refuse.js';
import type { Subject } from '../wire/subject.js';
import type { Call } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';

/** A film as the Interactions API is asked for it. */
export interface InteractionRequest extends FilmShape {
  readonly subject: Subject;
  readonly background: boolean;
  readonly delivery: 'inline' | 'uri';
}

const MODEL = /^gemini-omni(-\d\.\d)?-flash(-preview)?$/;
const FIELDS = new Set(
  'background cached_content continuation_token environment generation_config input labels model previous_interaction_id response_format response_mime_type response_modalities safety_settings service_tier store stream system_instruction tools webhook_config'.split(
    ' ',
  ),
);
const TASKS = ['text_to_video', 'image_to_video', 'reference_to_video', 'edit', 'extend', 'upscale'];
const RATIOS = ['16:9', '9:16'];
const RESOLUTIONS = ['360p', '720p', '1080p', '4k'];
const SECONDS_USUAL = 8;
const SECONDS_MAX = 15;

/** Reads and checks an interaction that asks for a film. */
export const readInteraction = (call: Call): InteractionRequest => {
  const body = call.json();
  if (!isObject(body)) return refuse('Invalid JSON payload received. Root element must be a message.');
  const model = typeof body['model'] === 'string' ? body['model'] : '';
  const subject = { model, prompt: textIn(body['input']) };
  return withSubject(subject, () => {
    const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
    if (unknown !== undefined) refuse(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`);
    const named = splitModel(model).name;
    if (!MODEL.test(named) && !named.includes('sim')) refuse(`Model '${named}' is not found.`, 404);
    if (body['input'] === undefined) refuse('`input` is required.');
    checkTask(body);
    return { subject, background: body['background'] === true, ...shapeOf(formatIn(body['response_format'])) };
  });
};

/** The words of an input, which is a text, a piece of content, or a list of pieces or steps. */
const textIn = (input: unknown): string => {
  if (typeof input === 'string') return input;
  if (Array.isArray(input)) return input.map(textIn).filter(Boolean).join('\n');
  if (!isObject(input)) return '';
  return typeof input['text'] === 'string' ? input['text'] : textIn(input['content']);
};

const checkTask = ({ generation_config: config }: Json): void => {
  const video = isObject(config) ? config['video_config'] : undefined;
  const task = isObject(video) ? video['task'] : undefined;
  if (task !== undefined && !TASKS.includes(String(task)))
    refuse(`Invalid value at 'generation_config.video_config.task': ${JSON.stringify(task)}`);
};

const formatIn = (format: unknown): Json => {
  const all = (Array.isArray(format) ? format : [format]).filter(isObject);
  return all.find(({ type }) => type === 'video') ?? {};
};

const shapeOf = (format: Json): FilmShape & Pick<InteractionRequest, 'delivery'> => {
  const { aspect_ratio: ratio = '16:9', resolution = '720p', duration = `${SECONDS_USUAL}s`, delivery } = format;
  if (!RATIOS.includes(String(ratio))) refuse(`Invalid value at 'response_format.aspect_ratio': "${String(ratio)}"`);
  if (!RESOLUTIONS.includes(String(resolution)))
    refuse(`Invalid value at 'response_format.resolution': "${String(resolution)}"`);
  const seconds = Number(/^(\d+)s$/.exec(String(duration))?.[1] ?? 0);
  if (seconds < 1 || seconds > SECONDS_MAX)
    refuse(`Invalid value at 'response_format.duration' (Duration), "${String(duration)}"`);
  return {
    aspectRatio: String(ratio),
    resolution: String(resolution),
    seconds,
    delivery: delivery === 'uri' ? 'uri' : 'inline',
  };
};
