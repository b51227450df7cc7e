import type { ImageVendor } from '../media-vendor.js';
import { assets } from './asset-reference.js';
import { cancel } from './cancel.js';
import { errors } from './errors.js';
import { submitAnswer } from './submit-answer.js';
import { submitRequest } from './submit-request.js';

/** Seedream on Ark. */
export const arkImages: ImageVendor = {
  inputs: ['address', 'inline'],
  perCallMax: 15,
  submit: { request: submitRequest, answer: submitAnswer },
  cancel,
  assets,
  errors,
};
