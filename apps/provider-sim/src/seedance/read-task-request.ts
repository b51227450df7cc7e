import { splitModel } from '../faults/fault-marks.js';
import { isArkEndpoint } from '../look-alikes/ark.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import type { Subject } from '../wire/subject.js';
import type { Call } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';

/** A film as Seedance is asked for it. */
export interface TaskRequest {
  readonly subject: Subject;
  readonly seconds: number;
  readonly resolution: string;
  readonly ratio: string;
  readonly seed: number;
  readonly lastFrame: boolean;
  readonly callbackUrl: string | undefined;
}

const MODEL = /^(doubao|dreamina)-seedance-/;
const RESOLUTIONS = ['480p', '720p', '1080p', '4k'];
const RATIOS = ['16:9', '4:3', '1:1', '3:4', '9:16', '21:9', 'adaptive'];
const SECONDS_USUAL = 5;
/** How long a film may be, by the generation of the model; what is behind an endpoint is not known here. */
const SECONDS: readonly { readonly models: RegExp; readonly min: number; readonly max: number }[] = [
  { models: /-seedance-1-/, min: 2, max: 12 },
  { models: /-seedance-2-5/, min: 4, max: 30 },
  { models: /-seedance-/, min: 4, max: 15 },
  { models: /^/, min: 2, max: 30 },
];
const SEED_MAX = 4_294_967_295;
const PARTS: Readonly<Record<string, string>> = {
  image_url: 'image_url',
  video_url: 'video_url',
  audio_url: 'audio_url',
};

/** Refuses in Ark's words. */
export const refuseParameter = (name: string, why = 'the value is not supported'): never => {
  throw new Refusal({
    status: 400,
    code: 'InvalidParameter',
    param: name,
    message: `The parameter \`${name}\` specified in the request is not valid: ${why}.`,
  });
};

/** Whether a model of Ark's exists; endpoints of one's own and names with `sim` in them do. */
export const checkArkModel = (name: string, known: RegExp): void => {
  if (known.test(name) || isArkEndpoint(name) || name.includes('sim')) return;
  throw new Refusal({
    status: 404,
    code: 'InvalidEndpointOrModel.NotFound',
    message: `The model or endpoint ${name} does not exist or you do not have access to it.`,
  });
};

/** Reads and checks the creation of a task. */
export const readTaskRequest = (call: Call): TaskRequest => {
  const body = call.json();
  if (!isObject(body)) return refuseParameter('body');
  const content = Array.isArray(body['content']) ? body['content'].filter(isObject) : [];
  const text = content
    .map((part) => (part['type'] === 'text' ? String(part['text']) : ''))
    .filter(Boolean)
    .join('\n');
  const subject = { model: String(body['model'] ?? ''), prompt: text };
  return withSubject(subject, () => {
    checkArkModel(splitModel(subject.model).name, MODEL);
    if (content.length === 0) refuseParameter('content', 'it must not be empty');
    for (const [index, part] of content.entries()) checkPart(part, `content[${index}]`);
    return { subject, ...settingsOf(body, subject) };
  });
};

const checkPart = (part: Json, path: string): void => {
  const type = String(part['type']);
  if (type === 'text') {
    if (typeof part['text'] !== 'string') refuseParameter(`${path}.text`);
    return;
  }
  const held = part[PARTS[type] ?? ''];
  if (!isObject(held) || typeof held['url'] !== 'string') refuseParameter(`${path}.${type}`);
};

/** Models of the first generation take their settings inside the text: `--rs 720p --rt 16:9 --dur 5`. */
const flagIn = (text: string, ...names: readonly string[]): string | undefined =>
  new RegExp(`--(?:${names.join('|')})\\s+(\\S+)`).exec(text)?.[1];

const settingsOf = (body: Json, { model, prompt: text }: Subject): Omit<TaskRequest, 'subject'> => {
  const resolution = String(body['resolution'] ?? flagIn(text, 'rs', 'resolution') ?? '720p');
  const ratio = String(body['ratio'] ?? flagIn(text, 'rt', 'ratio') ?? '16:9');
  const duration = body['duration'] ?? Number(flagIn(text, 'dur', 'duration') ?? SECONDS_USUAL);
  const seed = body['seed'] ?? -1;
  if (!RESOLUTIONS.includes(resolution)) refuseParameter('resolution');
  if (!RATIOS.includes(ratio)) refuseParameter('ratio');
  const { min = 0, max = 0 } = SECONDS.find(({ models }) => models.test(model)) ?? {};
  if (!isWhole(duration, min, max)) return refuseParameter('duration');
  if (!isWhole(seed, -1, SEED_MAX)) return refuseParameter('seed');
  const callbackUrl = body['callback_url'];
  return {
    seconds: duration,
    resolution,
    ratio: ratio === 'adaptive' ? '16:9' : ratio,
    seed,
    lastFrame: body['return_last_frame'] === true,
    callbackUrl: typeof callbackUrl === 'string' && callbackUrl !== '' ? callbackUrl : undefined,
  };
};

const isWhole = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
