import type { ImageVendor } from '../media-vendor.js';
import { assets } from './asset-reference.js';
import { cancel } from './cancel.js';
import { errors } from './errors.js';
import { readPictureEvent } from './stream-event.js';
import { submitAnswer } from './submit-answer.js';
import { submitRequest } from './submit-request.js';

/** OpenAI's images endpoints, for the GPT image models. */
export const openaiImages: ImageVendor = {
  inputs: ['file'],
  perCallMax: 10,
  submit: { request: submitRequest, answer: submitAnswer, event: readPictureEvent },
  cancel,
  assets,
  errors,
};
