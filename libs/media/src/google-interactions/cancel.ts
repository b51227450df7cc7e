import type { Cancelling } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import { readStopped } from '../wire/read-stopped.js';

/** Only what runs in the background, and only while it does (media-ledger-reliability 1.3). */
export const cancel: Cancelling = {
  while: ['queued', 'running'],
  bills: 'what it reports',
  request: (upstreamId) => ({
    method: 'POST',
    path: `/v1beta/interactions/${upstreamId}/cancel`,
    repeat: 'safe',
    answerBytesMax: MEDIA_LIMITS.inlineStatusBytesMax,
  }),
  answer: readStopped,
};
