import { MEDIA_LIMITS } from '../media-limits.js';
import { answerWithId } from '../wire/answer-with-id.js';
import { errors } from './errors.js';
import { isInteractionId, readInteraction } from './status-answer.js';

export const submitAnswer = answerWithId({
  errors,
  answerBytesMax: MEDIA_LIMITS.inlineStatusBytesMax,
  idOf: ({ id }) => id,
  isId: isInteractionId,
  read: readInteraction,
});
