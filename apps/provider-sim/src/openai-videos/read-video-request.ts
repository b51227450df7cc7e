import { splitModel } from '../faults/fault-marks.js';
import type { Fields, Json } from '../openai/fields.js';
import { anything, aString, isObject, missingParameter, oneOf, unknownParameter } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import { readForm } from '../wire/multipart.js';
import type { Subject } from '../wire/subject.js';
import type { Call } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';

/** A film as OpenAI is asked for it. */
export interface VideoRequest {
  readonly subject: Subject;
  readonly seconds: string;
  readonly size: string;
  readonly remixOf: string | null;
}

const SMALL = ['720x1280', '1280x720'] as const;
const LARGE = ['1024x1792', '1792x1024', '1080x1920', '1920x1080'] as const;
const MODEL = /^sora-2(-pro)?(-20\d\d-\d\d-\d\d)?$/;
const PROMPT_MAX = 32_000;

const FIELDS: Fields = {
  model: aString(),
  prompt: aString({ max: PROMPT_MAX }),
  seconds: oneOf('4', '8', '12', '16', '20'),
  size: oneOf(...SMALL, ...LARGE),
  input_reference: anything,
};

/** Reads and checks the order of a film, sent as JSON or as a form. */
export const readVideoRequest = (call: Call): VideoRequest => {
  const body = bodyOf(call);
  const subject = {
    model: typeof body['model'] === 'string' ? body['model'] : 'sora-2',
    prompt: typeof body['prompt'] === 'string' ? body['prompt'] : '',
  };
  return withSubject(subject, () => {
    check(body, splitModel(subject.model).name);
    return {
      subject,
      seconds: typeof body['seconds'] === 'string' ? body['seconds'] : '4',
      size: typeof body['size'] === 'string' ? body['size'] : '720x1280',
      remixOf: null,
    };
  });
};

const bodyOf = (call: Call): Json => {
  const form = readForm(call.headers['content-type'], call.raw);
  if (form !== undefined) {
    const parts = form.map(({ name, filename, bytes }) => [name, filename === undefined ? bytes.toString('utf8') : {}]);
    return Object.fromEntries(parts) as Json;
  }
  const body = call.json();
  return isObject(body) ? body : refuse("Invalid type for 'body': expected an object.");
};

const check = (body: Json, model: string): void => {
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    // A form writes what is in an object as `input_reference[image_url]`.
    if (field === undefined && !name.startsWith('input_reference[')) return unknownParameter(name);
    field?.(value, name);
  }
  if (body['prompt'] === undefined) missingParameter('prompt');
  if (!MODEL.test(model) && !model.includes('sim'))
    refuse(`Invalid value: '${model}'. Supported values are: 'sora-2' and 'sora-2-pro'.`, {
      param: 'model',
      code: 'invalid_value',
    });
  const pro = model.includes('-pro') || model.includes('sim');
  if (!pro && body['size'] !== undefined) oneOf(...SMALL)(body['size'], 'size');
};
