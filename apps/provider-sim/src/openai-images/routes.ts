import type { Route } from '../wire/wire.js';
import { draw } from './draw.js';
import { readEdit, readGeneration } from './picture-request.js';

const EDIT_BODY_BYTES_MAX = 256 * 1024 * 1024;

/** OpenAI's pictures, drawn from words or over other pictures. */
export const IMAGE_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/images/generations',
    step: 'create',
    handle: (call) => draw(call, readGeneration(call)),
  },
  {
    method: 'POST',
    path: '/v1/images/edits',
    step: 'create',
    bodyBytesMax: EDIT_BODY_BYTES_MAX,
    handle: (call) => draw(call, readEdit(call)),
  },
];
