import type { VideoVendor } from '../media-vendor.js';
import { assets } from './asset-reference.js';
import { cancel } from './cancel.js';
import { errors } from './errors.js';
import { status } from './status-answer.js';
import { submitAnswer } from './submit-answer.js';
import { submitRequest } from './submit-request.js';

/** Veo's long-running operations. There is no list of them, so a lost submit needs a person. */
export const googleVeo: VideoVendor = {
  inputs: ['inline'],
  perCallMax: 1,
  submit: { request: submitRequest, answer: submitAnswer },
  status,
  cancel,
  assets,
  errors,
};
