import type { Check, Fields, Json } from '../openai/fields.js';
import {
  aBoolean,
  anArray,
  anInteger,
  anything,
  aString,
  missingParameter,
  nullable,
  oneOf,
  unknownParameter,
} from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';

const PROMPT_MAX = 32_000;
const EDGE_MAX = 3_840;
const PIXELS_MAX = 3_840 * 2_160;
const RATIO_MAX = 3;
const STEP = 16;
const PICTURES_MAX = 10;

/** `auto`, or any size within the model's bounds. */
const aSize: Check = (value, path) => {
  aString()(value, path);
  if (value === 'auto') return;
  const [, width = 0, height = 0] = /^(\d+)x(\d+)$/.exec(String(value))?.map(Number) ?? [];
  const fits =
    width % STEP === 0 &&
    height % STEP === 0 &&
    Math.min(width, height) > 0 &&
    Math.max(width, height) <= EDGE_MAX &&
    width * height <= PIXELS_MAX &&
    Math.max(width / height, height / width) <= RATIO_MAX;
  if (!fits)
    refuse(
      `Invalid size '${String(value)}'. Width and height must both be divisible by 16, the aspect ratio between 1:3 and 3:1, and the size at most 3840x2160.`,
      { param: path, code: 'invalid_value' },
    );
};

const SHARED: Fields = {
  model: aString(),
  prompt: aString({ max: PROMPT_MAX }),
  n: nullable(anInteger(1, PICTURES_MAX)),
  size: nullable(aSize),
  quality: nullable(oneOf('low', 'medium', 'high', 'xhigh', 'max', 'auto')),
  complexity: nullable(oneOf('low', 'medium', 'high')),
  background: nullable(oneOf('transparent', 'opaque', 'auto')),
  // The vendor makes gif and svg as well; the simulator does not.
  output_format: nullable(oneOf('png', 'jpeg', 'webp')),
  output_compression: nullable(anInteger(0, 100)),
  stream: nullable(aBoolean),
  partial_images: nullable(anInteger(0, 3)),
  safety_identifier: nullable(aString()),
  user: aString(),
};

/** What a generation may hold. `response_format` is none of it: these models always answer in base64. */
export const GENERATION_FIELDS: Fields = { ...SHARED, moderation: nullable(oneOf('low', 'auto')) };

/** What an edit may hold besides its pictures. */
export const EDIT_FIELDS: Fields = {
  ...SHARED,
  input_fidelity: nullable(oneOf('high', 'low')),
  image: anArray(anything, { min: 1, max: 16 }),
  mask: anything,
  markup: anything,
};

/** Checks a body by its table; a prompt there must be. */
export const checkFields = (body: Json, fields: Fields): void => {
  for (const [name, value] of Object.entries(body)) {
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (check === undefined) return unknownParameter(name);
    check(value, name);
  }
  if (body['prompt'] === undefined) missingParameter('prompt');
  if (body['prompt'] === '') refuse("Invalid 'prompt': empty string.", { param: 'prompt', code: 'empty_string' });
  if (body['background'] === 'transparent' && body['output_format'] === 'jpeg')
    refuse('Transparent background is not supported for JPEG.', { param: 'background', code: 'invalid_value' });
};
