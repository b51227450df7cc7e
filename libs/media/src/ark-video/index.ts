import type { VideoVendor } from '../media-vendor.js';
import { assets } from './asset-reference.js';
import { cancel } from './cancel.js';
import { errors } from './errors.js';
import { lookUp } from './look-up.js';
import { status } from './status-answer.js';
import { statusMany } from './status-many.js';
import { submitAnswer } from './submit-answer.js';
import { submitRequest } from './submit-request.js';

/** Seedance on Ark: content generation tasks. */
export const arkVideo: VideoVendor = {
  inputs: ['address', 'inline'],
  perCallMax: 1,
  submit: { request: submitRequest, answer: submitAnswer },
  status,
  statusMany,
  lookUp,
  cancel,
  assets,
  errors,
};
