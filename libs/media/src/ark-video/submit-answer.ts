import { MEDIA_LIMITS } from '../media-limits.js';
import { answerWithId } from '../wire/answer-with-id.js';
import { underWay } from '../wire/render-status.js';
import { errors } from './errors.js';
import { isTaskId } from './status-answer.js';

/** The vendor answers with an id and nothing else. */
export const submitAnswer = answerWithId({
  errors,
  answerBytesMax: MEDIA_LIMITS.statusBytesMax,
  idOf: ({ id }) => id,
  isId: isTaskId,
  read: () => underWay('queued', 'accepted'),
});
