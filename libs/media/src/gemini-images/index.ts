import type { ImageVendor } from '../media-vendor.js';
import { assets } from './asset-reference.js';
import { cancel } from './cancel.js';
import { errors } from './errors.js';
import { submitAnswer } from './submit-answer.js';
import { submitRequest } from './submit-request.js';

/** Gemini's image models, which draw in the answer to a prompt. */
export const geminiImages: ImageVendor = {
  inputs: ['inline'],
  perCallMax: 1,
  submit: { request: submitRequest, answer: submitAnswer },
  cancel,
  assets,
  errors,
};
