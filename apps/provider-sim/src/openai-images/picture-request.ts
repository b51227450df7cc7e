import { splitModel } from '../faults/fault-marks.js';
import type { PictureFormat } from '../files/sim-file.js';
import type { Fields, Json } from '../openai/fields.js';
import { isObject, missingParameter } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import type { FormPart } from '../wire/multipart.js';
import { readForm } from '../wire/multipart.js';
import type { Subject } from '../wire/subject.js';
import type { Call } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';
import { checkFields, EDIT_FIELDS, GENERATION_FIELDS } from './fields.js';

/** Pictures as OpenAI is asked for them. */
export interface PictureRequest {
  readonly kind: 'image_generation' | 'image_edit';
  readonly subject: Subject;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly quality: string;
  readonly background: string;
  readonly format: PictureFormat;
  readonly stream: boolean;
  readonly partialImages: number;
  /** How many pictures came with it. */
  readonly inputs: number;
  readonly safetyIdentifier: unknown;
}

const MODEL = /^(gpt-image-(1|1\.5|1-mini|2|2\.[56]-(sunburst|flare))|chatgpt-image-latest)(-20\d\d-\d\d-\d\d)?$/;
const MODEL_USUAL = 'gpt-image-2';
const FORMATS = { png: 'png', jpeg: 'jpeg', webp: 'webp' } as const;

/** Reads a generation, which is JSON. */
export const readGeneration = (call: Call): PictureRequest => {
  const body = call.json();
  if (!isObject(body)) return refuse("Invalid type for 'body': expected an object.");
  return requestOf(body, { kind: 'image_generation', fields: GENERATION_FIELDS, inputs: 0 });
};

/** Reads an edit, which is a form with the pictures in it. */
export const readEdit = (call: Call): PictureRequest => {
  const form = readForm(call.headers['content-type'], call.raw);
  if (form === undefined)
    return refuse(
      `Invalid Content-Type header (${call.headers['content-type'] ?? ''}), expected multipart/form-data.`,
      { code: 'unsupported_content_type' },
    );
  const files = form.filter(({ filename }) => filename !== undefined);
  const images = files.filter(({ name }) => name === 'image' || name === 'image[]');
  const body = {
    ...Object.fromEntries(
      form.filter(({ filename }) => filename === undefined).map(({ name, bytes }) => [name, valueOf(name, bytes)]),
    ),
    ...Object.fromEntries(files.filter(({ name }) => !name.startsWith('image')).map(({ name }) => [name, {}])),
    ...(images.length > 0 && { image: images }),
  };
  const request = requestOf(body, { kind: 'image_edit', fields: EDIT_FIELDS, inputs: images.length });
  return withSubject(request.subject, () => {
    if (images.length === 0) missingParameter('image');
    for (const file of files) checkFile(file);
    return request;
  });
};

const NUMBERS = ['n', 'output_compression', 'partial_images'];

/** A form has only texts; what they stand for depends on the field. */
const valueOf = (name: string, bytes: Buffer): unknown => {
  const text = bytes.toString('utf8');
  if (NUMBERS.includes(name) && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return name === 'stream' && (text === 'true' || text === 'false') ? text === 'true' : text;
};

const IMAGE_BYTES_MAX = 50 * 1024 * 1024;
const MASK_BYTES_MAX = 4 * 1024 * 1024;
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];

const checkFile = ({ name, filename, type, bytes }: FormPart): void => {
  const allowed = name === 'mask' ? ['image/png'] : TYPES;
  if (type === undefined || !allowed.includes(type))
    refuse(
      `Invalid file '${filename ?? name}': unsupported mimetype ('${type ?? 'application/octet-stream'}'). Supported file formats are ${allowed.map((one) => `'${one}'`).join(', ')}.`,
      { param: name, code: 'unsupported_file_mimetype' },
    );
  if (bytes.length > (name === 'mask' ? MASK_BYTES_MAX : IMAGE_BYTES_MAX))
    refuse(`Invalid file '${filename ?? name}': the file is too large.`, { param: name, code: 'file_too_large' });
};

interface Reading {
  readonly kind: PictureRequest['kind'];
  readonly fields: Fields;
  readonly inputs: number;
}

const text = (value: unknown, usual: string): string => (typeof value === 'string' && value !== 'auto' ? value : usual);

const requestOf = (body: Json, { kind, fields, inputs }: Reading): PictureRequest => {
  const subject = { model: text(body['model'], MODEL_USUAL), prompt: text(body['prompt'], '') };
  return withSubject(subject, () => {
    checkModel(splitModel(subject.model).name);
    checkFields(body, fields);
    const [width = 1024, height = 1024] = text(body['size'], '1024x1024').split('x').map(Number);
    return {
      kind,
      subject,
      count: typeof body['n'] === 'number' ? body['n'] : 1,
      width,
      height,
      quality: text(body['quality'], 'medium'),
      background: text(body['background'], 'opaque'),
      format: FORMATS[text(body['output_format'], 'png') as PictureFormat],
      stream: body['stream'] === true,
      partialImages: typeof body['partial_images'] === 'number' ? body['partial_images'] : 0,
      inputs,
      safetyIdentifier: body['safety_identifier'] ?? null,
    };
  });
};

const checkModel = (name: string): void => {
  if (!MODEL.test(name) && !name.includes('sim'))
    refuse(`The model '${name}' does not exist.`, { status: 404, param: 'model', code: 'model_not_found' });
};
