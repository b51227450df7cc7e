import type { Cancelling } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import { readStopped } from '../wire/read-stopped.js';
import { TASKS } from './submit-request.js';

/**
 * One call that cancels what is queued and deletes the record of what has ended: the vendor decides which, so it is made
 * only right after `queued` was seen. What runs cannot be stopped (media-ledger-reliability 1.4).
 */
export const cancel: Cancelling = {
  while: ['queued'],
  bills: 'nothing',
  request: (upstreamId) => ({
    method: 'DELETE',
    path: `${TASKS}/${upstreamId}`,
    // A second one would delete the record that tells how the first one ended.
    repeat: 'never',
    answerBytesMax: MEDIA_LIMITS.statusBytesMax,
  }),
  answer: readStopped,
};
