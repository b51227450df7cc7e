import type { VideoVendor } from '../media-vendor.js';
import { assets } from './asset-reference.js';
import { cancel } from './cancel.js';
import { errors } from './errors.js';
import { lookUp } from './look-up.js';
import { status } from './status-answer.js';
import { submitAnswer } from './submit-answer.js';
import { submitRequest } from './submit-request.js';

/** The videos endpoint that OpenAI grew for Sora and that others copy. */
export const openaiVideos: VideoVendor = {
  inputs: ['address', 'inline'],
  perCallMax: 1,
  submit: { request: submitRequest, answer: submitAnswer },
  status,
  lookUp,
  cancel,
  assets,
  errors,
};
