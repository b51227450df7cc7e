import { splitModel } from '../faults/fault-marks.js';
import { isObject } from '../openai/fields.js';
import { checkArkModel, refuseParameter } from '../seedance/read-task-request.js';
import type { Subject } from '../wire/subject.js';
import type { Call } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';

/** Pictures as Seedream is asked for them. */
export interface PicturesRequest {
  readonly subject: Subject;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly format: 'jpeg' | 'png';
  readonly delivery: 'url' | 'b64_json';
  readonly stream: boolean;
}

const MODEL = /^(doubao|dreamina)-seedream-/;
const EDGES: Readonly<Record<string, number>> = { '1K': 1_024, '2K': 2_048, '4K': 4_096 };
const PIXELS_MIN = 512 * 512;
const PIXELS_MAX = 4_096 * 4_096;
const PICTURES_MAX = 15;

/** Reads and checks Ark's generation of images. */
export const readPicturesRequest = (call: Call): PicturesRequest => {
  const body = call.json();
  if (!isObject(body)) return refuseParameter('body');
  const { model, prompt } = body;
  const subject = { model: String(model ?? ''), prompt: typeof prompt === 'string' ? prompt : '' };
  return withSubject(subject, () => {
    checkArkModel(splitModel(subject.model).name, MODEL);
    if (subject.prompt === '') refuseParameter('prompt', 'it must not be empty');
    const delivery = body['response_format'] ?? 'url';
    if (delivery !== 'url' && delivery !== 'b64_json') return refuseParameter('response_format');
    const format = body['output_format'] ?? 'jpeg';
    if (format !== 'jpeg' && format !== 'png') return refuseParameter('output_format');
    const mode = body['sequential_image_generation'] ?? 'disabled';
    if (mode !== 'auto' && mode !== 'disabled') refuseParameter('sequential_image_generation');
    const count = mode === 'auto' ? countIn(body['sequential_image_generation_options']) : 1;
    return { subject, count, ...edgesIn(body['size'] ?? '2K'), format, delivery, stream: body['stream'] === true };
  });
};

/** With `auto` the vendor makes up to as many as allowed; the simulator makes them all. */
const countIn = (options: unknown): number => {
  const most = isObject(options) ? (options['max_images'] ?? PICTURES_MAX) : PICTURES_MAX;
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > PICTURES_MAX)
    return refuseParameter('sequential_image_generation_options.max_images');
  return most;
};

const edgesIn = (size: unknown): { width: number; height: number } => {
  const edge = EDGES[String(size)];
  if (edge !== undefined) return { width: edge, height: edge };
  const [, width = 0, height = 0] = /^(\d+)x(\d+)$/.exec(String(size))?.map(Number) ?? [];
  if (width * height < PIXELS_MIN || width * height > PIXELS_MAX)
    refuseParameter('size', `image size must be at least ${PIXELS_MIN} and at most ${PIXELS_MAX} pixels`);
  return { width, height };
};
