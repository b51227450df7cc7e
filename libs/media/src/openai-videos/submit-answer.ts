import type { VendorAnswer } from '@bytespike/protocols';

import { MEDIA_LIMITS } from '../media-limits.js';
import { isAnswered, readObject, unacceptedSubmit, unreadableSubmit, type Submitted } from '../wire/read-answer.js';
import { errors } from './errors.js';
import { isVideoId, readVideo } from './status-answer.js';

export function submitAnswer(answer: VendorAnswer): Submitted {
  if (!isAnswered(answer)) return unacceptedSubmit(answer, errors);
  const video = readObject(answer, MEDIA_LIMITS.statusBytesMax);
  if (!video || !isVideoId(video.id)) return unreadableSubmit();
  return { type: 'accepted', upstreamId: video.id, status: readVideo(video, answer.receivedAt) };
}
